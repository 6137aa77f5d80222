#include "app/health.h"

#include <boost/json.hpp>

#include "http/address.h"

namespace symbolon::app {

Task<http::Response> alive() { co_return http::json_response(200, R"({"status":"ok"})"); }

Task<http::Response> ready(db::Database& db, http::Request request) {
  try {
    co_await db.read([](db::Transaction& tx) { tx.query("SELECT 1"); });
  } catch (const db::DatabaseError&) {
    co_return http::json_response(503, R"({"status":"the database does not answer"})");
  }
  boost::json::object body{{"status", "ready"}};
  const auto peer = http::parse_address(request.client_address);
  if (peer && peer->is_loopback()) {
    const db::Statistics statistics = db.statistics();
    body["database"] = {{"commits", statistics.commits},
                        {"units_written", statistics.units_written},
                        {"units_read", statistics.units_read}};
  }
  http::Response response = http::json_response(200, boost::json::serialize(body));
  response.headers.set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace symbolon::app
