#pragma once

#include <string>
#include <string_view>

#include "http/site.h"

namespace symbolon::oidc {

/// Audiences that we serve ourselves (login-runtime AT-3), on the host of the request.
std::string userinfo_audience(const http::Site& site);
std::string management_audience(const http::Site& site);
std::string my_account_audience(const http::Site& site);
std::string administration_audience(const http::Site& site);

bool is_our_api(const http::Site& site, std::string_view audience);

}  // namespace symbolon::oidc
