#include "login/remembered_client.h"

#include <optional>

#include "json/fields.h"
#include "login/sealed_cookies.h"

namespace symbolon::login::remembered_client {

struct Remembered {
  ClientId client;
  Instant since{};
};

template <class V>
void fields(V& v, Remembered& r) {
  v("id", r.client);
  v("at", r.since);
}

namespace {

constexpr std::string_view kPurpose = "remembered-client";
constexpr SealedCookies kCookies("was-", {.values = kMaxRemembered, .bytes = 2048});

std::string associated(const http::Request& request, const std::string& id) {
  return request.site->tenant.str() + "|" + request.site->base_url + "|" + id;
}

std::optional<Remembered> open(const http::Request& request, const crypto::SecretBox& box, const std::string& id,
                               const std::string& sealed) {
  const auto text = box.open(kPurpose, associated(request, id), sealed);
  if (!text) return std::nullopt;
  auto remembered = json::parse_fields<Remembered>(*text);
  if (!remembered) return std::nullopt;
  return std::move(*remembered);
}

}  // namespace

void keep(http::Response& response, const http::Request& request, const crypto::SecretBox& box, const std::string& id,
          const ClientId& client, Instant now) {
  if (client.empty()) return;
  const std::string sealed =
      box.seal(kPurpose, associated(request, id), json::serialize_fields(Remembered{.client = client, .since = now}));
  kCookies.keep(response, request, id, sealed, kLifetime, [&](const std::string& other, const std::string& value) {
    const auto opened = open(request, box, other, value);
    return opened ? opened->since : Instant{};
  });
}

ClientId find(const http::Request& request, const crypto::SecretBox& box, const std::string& id, Instant now) {
  const auto sealed = id.empty() ? std::nullopt : kCookies.find(request, id);
  const auto remembered = sealed ? open(request, box, id, *sealed) : std::nullopt;
  return remembered && now < remembered->since + kLifetime ? remembered->client : ClientId();
}

void forget(http::Response& response, const http::Request& request, const std::string& id) {
  kCookies.forget(response, request, id);
}

}  // namespace symbolon::login::remembered_client
