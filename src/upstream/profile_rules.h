#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/upstream_settings.h"

namespace symbolon::upstream {

struct MappedAttribute;

/// An address as RFC 5321 §4.1.2 has it, without quoted local parts and address literals; UTF-8 is allowed (RFC 6531).
bool is_email_address(std::string_view text);

/// What normalising told about a profile.
struct NormalisedProfile {
  std::string email;  ///< empty when there is none
  bool email_verified = false;
  std::string username;
};

/// Brings `attributes` into the shape that users have (login-runtime §2.11 "Normalisation"): trims, drops what is not
/// valid, verifies nothing by itself, and makes up name and nickname from what is there. Attributes that are not to be
/// stored are no source for others.
NormalisedProfile normalise_profile(boost::json::object& attributes, const model::UpstreamSettings& settings,
                                    std::string_view subject, std::vector<MappedAttribute>& trace,
                                    std::vector<std::string>& warnings);

}  // namespace symbolon::upstream
