#pragma once

#include <string>

#include "http/request.h"
#include "http/response.h"
#include "model/tenant.h"
#include "pages/error_page.h"

namespace symbolon::login {

/// A failure while there is nowhere to redirect to (login-runtime §1.8): our page, or the tenant's own
/// (`error_page.url`), which gets what ours would show as query parameters.
http::Response show_error(const http::Request& request, const model::Tenant& tenant, const std::string& ui_locales,
                          const pages::ErrorPage& page);

}  // namespace symbolon::login
