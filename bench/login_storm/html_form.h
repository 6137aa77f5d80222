#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "login_storm/url.h"

namespace symbolon::bench {

/// What a person sends by pressing the first button of a form.
struct HtmlForm {
  bool post = false;
  std::string action;  ///< as written, possibly relative or empty: the page itself
  Parameters fields;   ///< inputs with their preset values, and the button if it has a name
};

/// The first form of a page; nullopt when it has none. Knows input and button elements, which is what consent and
/// form_post pages are made of; nobody types anything into them.
std::optional<HtmlForm> find_form(std::string_view html);

/// The text of the page's title element, for error reports; empty when there is none.
std::string find_title(std::string_view html);

}  // namespace symbolon::bench
