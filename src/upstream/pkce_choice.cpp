#include "upstream/pkce_choice.h"

#include <stdexcept>

#include "base/text.h"

namespace symbolon::upstream {

bool advertises_s256(const model::UpstreamSettings& settings) {
  return contains(settings.challenge_methods_advertised, "S256");
}

std::string_view choose_challenge_method(const model::UpstreamSettings& settings) {
  if (settings.channel == model::Channel::front_channel) return {};
  switch (settings.pkce) {
    case model::PkceMode::s256:
      return "S256";
    case model::PkceMode::plain:
      return "plain";
    case model::PkceMode::disabled:
      return advertises_s256(settings) ? "S256" : "";
    case model::PkceMode::automatic:
      break;
  }
  if (advertises_s256(settings)) return "S256";
  return contains(settings.challenge_methods_advertised, "plain") ? "plain" : "";
}

}  // namespace symbolon::upstream
