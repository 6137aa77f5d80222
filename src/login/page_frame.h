#pragma once

#include "http/request.h"
#include "model/tenant.h"
#include "pages/frame.h"

namespace symbolon::login {

/// Language and branding of a page that answers `request`.
pages::Frame frame_for(const model::Tenant& tenant, const http::Request& request, const std::string& ui_locales = {});

}  // namespace symbolon::login
