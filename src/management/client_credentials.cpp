#include "management/client_credentials.h"

#include "base/text.h"
#include "management/audit.h"
#include "management/client_credential.h"
#include "store/client_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

Problem no_such_client() { return not_found("inexistent_client", "The client does not exist"); }
Problem no_such_credential() { return not_found("inexistent_credential", "The credential does not exist"); }

ClientId client_of(const Call& call) { return ClientId(call.path("id")); }

}  // namespace

void ClientCredentials::register_on(Api& api) {
  api.on("client_credentials_list", [this](Call call) { return list(std::move(call)); });
  api.on("client_credentials_get", [this](Call call) { return get(std::move(call)); });
  api.on("client_credentials_create", [this](Call call) { return create(std::move(call)); });
  api.on("client_credentials_update", [this](Call call) { return update(std::move(call)); });
  api.on("client_credentials_delete", [this](Call call) { return remove(std::move(call)); });
}

Task<Answer> ClientCredentials::list(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    store::ClientStore clients(tx, call.tenant);
    if (!clients.find(client_of(call))) return std::unexpected(no_such_client());
    json::array shown;
    for (const auto& credential : clients.list_credentials(client_of(call))) shown.push_back(json::parse(credential.doc));
    return json_answer(200, shown);
  });
}

Task<Answer> ClientCredentials::get(Call call) {
  co_return co_await services_.db.read([&](db::Transaction& tx) -> Answer {
    store::ClientStore clients(tx, call.tenant);
    if (!clients.find(client_of(call))) return std::unexpected(no_such_client());
    const auto credential = clients.find_credential(client_of(call), call.path("credential_id"));
    if (!credential) return std::unexpected(no_such_credential());
    return json_answer(200, json::parse(credential->doc));
  });
}

Task<Answer> ClientCredentials::create(Call call) {
  const Instant now = services_.clock.now();
  const auto made = make_credential(call.object(), client_of(call), "", services_.random, now);
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::ClientStore clients(tx, call.tenant);
    const auto client = clients.find(client_of(call));
    if (!client) return std::unexpected(no_such_client());
    if (!made) return std::unexpected(made.error());
    if (client->global || clients.list_credentials(client->id).size() >= kMaxCredentials)
      return std::unexpected(Problem{400, "operation_not_supported", "A client can have two credentials at most."});
    clients.insert_credential(*made);
    log_write(tx, call, "Create a client credential", member_names(call.object()), now);
    return json_answer(201, json::parse(made->doc));
  });
}

Task<Answer> ClientCredentials::update(Call call) {
  const Instant now = services_.clock.now();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::ClientStore clients(tx, call.tenant);
    if (!clients.find(client_of(call))) return std::unexpected(no_such_client());
    auto credential = clients.find_credential(client_of(call), call.path("credential_id"));
    if (!credential) return std::unexpected(no_such_credential());
    json::object doc = json::parse(credential->doc).as_object();
    const json::value& expiry = call.object().at("expires_at");
    if (expiry.is_null())
      doc.erase("expires_at");
    else
      doc["expires_at"] = to_iso8601(*from_iso8601(std::string_view(expiry.get_string())));
    doc["updated_at"] = to_iso8601(now);
    credential->doc = json::serialize(doc);
    clients.update_credential(*credential);
    log_write(tx, call, "Update a client credential", member_names(call.object()), now);
    return json_answer(201, doc);
  });
}

Task<Answer> ClientCredentials::remove(Call call) {
  const Instant now = services_.clock.now();
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    store::ClientStore clients(tx, call.tenant);
    const auto client = clients.find(client_of(call));
    if (!client) return no_such_client();
    const std::string id = call.path("credential_id");
    if (!clients.find_credential(client->id, id)) return no_such_credential();
    if (contains(referred_credentials(json::parse(client->doc).as_object()), id))
      return Problem{400, "operation_not_supported",
                     "The credential is still associated with a client. Take it out of client_authentication_methods and "
                     "signed_request_object first."};
    clients.remove_credential(client->id, id);
    log_write(tx, call, "Delete a client credential", {id}, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

}  // namespace symbolon::management
