#pragma once

#include "http/response.h"
#include "pages/frame.h"

namespace symbolon::pages {

/// What a person sees who opened an address of ours that is none, such as the bare host name: 404, with the way to where
/// people start.
http::Response render_nothing_here(const Frame& frame);

}  // namespace symbolon::pages
