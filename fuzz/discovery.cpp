// Discovery documents: judged, taken as metadata of a connection, and used to build an authorization URL. The same text
// is read as what a person typed into the field for the document's address.

#include <boost/json.hpp>

#include "base/random.h"
#include "check.h"
#include "json/parse.h"
#include "upstream/authorization_url.h"
#include "upstream/discovery.h"
#include "upstream/effective_settings.h"
#include "upstream/settings_warnings.h"
#include "upstream/wire_options.h"

namespace {

using namespace symbolon;
using upstream::Discovery;

class Zeros final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, std::uint8_t{0}); }
};

void judge(std::string_view text, std::optional<model::Channel> channel) {
  const Discovery found =
      upstream::judge_document(text, "https://idp.example/.well-known/openid-configuration", channel);
  check((found.status == Discovery::Status::not_found) == found.document.empty());
  check((found.status == Discovery::Status::not_found) == !found.reason.empty());
  check((found.status == Discovery::Status::invalid) == !found.problems.empty());
  if (found.status == Discovery::Status::ok) check(!found.issuer.empty());
}

void log_in(std::string_view text, model::Channel channel) {
  auto metadata = json::parse_object(text, {.refuse_duplicates = false});
  if (!metadata) return;
  boost::json::object options{{"client_id", "client"}, {"type", std::string(to_string(channel))}};
  upstream::fill_from_metadata(options, *metadata);
  upstream::add_metadata_defaults(*metadata);
  auto settings = upstream::resolve_settings(model::Strategy::oidc, options, *metadata, true);
  if (!settings) {
    check(!settings.error().member.empty() && !settings.error().message.empty());
    return;
  }
  check(!settings->id_token_algorithms.empty());
  upstream::find_settings_warnings(*settings, *metadata);

  model::Connection connection;
  connection.name = "fuzzed";
  connection.upstream = std::move(*settings);
  Zeros zeros;
  const auto departure =
      upstream::depart(connection, {TenantId("t"), "https://d.example", "d.example", true}, {}, "state", false, zeros);
  check(departure.has_value() || !departure.error().rule.empty());
  if (departure) check(departure->url.starts_with(connection.upstream.authorization_endpoint));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = view(bytes, size);
  judge(text, std::nullopt);
  judge(text, model::Channel::front_channel);
  judge(text, model::Channel::back_channel);
  log_in(text, model::Channel::front_channel);
  log_in(text, model::Channel::back_channel);
  if (const auto candidate = upstream::discovery_candidate(text)) {
    check(candidate->starts_with("https://") || candidate->starts_with("http://"));
    check(upstream::discovery_candidate(*candidate) == candidate);
  }
  return 0;
}
