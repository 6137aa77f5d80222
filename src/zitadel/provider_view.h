#pragma once

#include <boost/json.hpp>

#include "model/connection.h"
#include "zitadel/provider_request.h"

// One record, two vocabularies (design §1): connections in ZITADEL's words and back.
namespace symbolon::zitadel {

/// `Provider` of zitadel-idps §4.3. The secret is in no answer.
boost::json::object show_provider(const model::Connection& connection, const std::string& instance_id);

/// The options of a connection that `request` describes, on top of `stored`, whose other members stay: what only
/// /api/v2 can say, such as an attribute map or a certificate, survives a PUT here. A secret is in them if one was sent.
boost::json::object options_of(const ProviderRequest& request, boost::json::object stored);

/// The name under which people and links know the connection that a provider is.
std::string connection_name(const std::string& zitadel_id);

}  // namespace symbolon::zitadel
