#include "management/signing_keys.h"

#include <algorithm>

#include "crypto/certificate.h"
#include "management/audit.h"
#include "store/signing_key_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using model::KeyState;

Problem no_such_key() { return not_found("inexistent_signing_key", "The signing key does not exist."); }

// Upper-case hexadecimal, with `separator` between bytes.
std::string hex(std::string_view bytes, std::string_view separator) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char byte : bytes) {
    if (!text.empty()) text += separator;
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

json::object show(const model::SigningKey& key) {
  const auto certificate = crypto::Certificate::from_pem(key.certificate);
  const std::string print = certificate.sha1_fingerprint();
  json::object shown{{"kid", key.kid},
                     {"alg", key.algorithm},
                     {"cert", key.certificate},
                     {"pkcs7", certificate.pkcs7_pem()},
                     {"fingerprint", hex(print, ":")},
                     {"thumbprint", hex(print, "")}};
  if (key.state == KeyState::current) shown["current"] = true;
  if (key.state == KeyState::next) shown["next"] = true;
  if (key.state == KeyState::previous) shown["previous"] = true;
  if (key.current_since) shown["current_since"] = to_iso8601(*key.current_since);
  if (key.current_until) shown["current_until"] = to_iso8601(*key.current_until);
  if (key.state == KeyState::revoked) shown["revoked"] = true;
  if (key.revoked_at) shown["revoked_at"] = to_iso8601(*key.revoked_at);
  return shown;
}

http::Response change_answer(int status, const model::SigningKey& key) {
  return json_answer(status, json::object{{"cert", key.certificate}, {"kid", key.kid}});
}

// Tools take the first key that is current for the one that signs by default, and that is an RSA key.
bool comes_before(const model::SigningKey& left, const model::SigningKey& right) {
  const bool left_rsa = left.algorithm.starts_with("RS"), right_rsa = right.algorithm.starts_with("RS");
  if (left_rsa != right_rsa) return left_rsa;
  if (left.created_at != right.created_at) return left.created_at > right.created_at;
  return left.kid < right.kid;
}

}  // namespace

void SigningKeys::register_on(Api& api) {
  api.on("signing_keys_list", [this](Call call) { return list(std::move(call)); });
  api.on("signing_keys_get", [this](Call call) { return get(std::move(call)); });
  api.on("signing_keys_rotate", [this](Call call) { return rotate(std::move(call)); });
  api.on("signing_keys_revoke", [this](Call call) { return revoke(std::move(call)); });
}

Task<Answer> SigningKeys::list(Call call) {
  auto keys = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::SigningKeyStore(tx, call.tenant).list(); });
  std::ranges::sort(keys, comes_before);
  json::array items;
  for (const model::SigningKey& key : keys) items.push_back(show(key));
  co_return json_answer(200, items);
}

Task<Answer> SigningKeys::get(Call call) {
  const auto key = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::SigningKeyStore(tx, call.tenant).find(call.path("kid")); });
  if (!key) co_return std::unexpected(no_such_key());
  co_return json_answer(200, show(*key));
}

Task<Answer> SigningKeys::rotate(Call call) {
  const Instant now = services_.clock.now();
  if (const RateVerdict verdict = rotations_.take(call.tenant.str(), now); !verdict.allowed)
    co_return std::unexpected(too_many_requests("The keys can be rotated five times a day.", verdict));
  TenantKeys::InTheSameCommit log = [&](db::Transaction& tx) {
    log_write(tx, call, "Rotate the signing keys", {}, now);
  };
  const model::SigningKey current = co_await keys_.rotate(call.tenant, std::move(log));
  co_return change_answer(201, current);
}

Task<Answer> SigningKeys::revoke(Call call) {
  const Instant now = services_.clock.now();
  const std::string kid = call.path("kid");
  TenantKeys::InTheSameCommit log = [&](db::Transaction& tx) { log_write(tx, call, "Revoke a signing key", {}, now); };
  const auto outcome = co_await keys_.revoke(call.tenant, kid, std::move(log));
  if (outcome == TenantKeys::Revocation::unknown_key) co_return std::unexpected(no_such_key());
  if (outcome == TenantKeys::Revocation::current_key)
    co_return std::unexpected(Problem{400, "operation_not_supported",
                                      "The current key cannot be revoked. Rotate the keys first."});
  const auto key = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::SigningKeyStore(tx, call.tenant).find(kid); });
  if (!key) co_return std::unexpected(no_such_key());
  co_return change_answer(200, *key);
}

}  // namespace symbolon::management
