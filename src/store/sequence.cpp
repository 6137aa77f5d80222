#include "store/sequence.h"

namespace symbolon::store {
namespace {

constexpr int kIdBits = 20;

}  // namespace

std::int64_t next_number(db::Transaction& tx, const TenantId& tenant, std::string_view list) {
  return tx
      .query_one(
          "INSERT INTO sequences (tenant, name, value) VALUES (?1, ?2, 1)"
          " ON CONFLICT (tenant, name) DO UPDATE SET value = sequences.value + 1 RETURNING value",
          {tenant, list})
      .value()
      .integer(0);
}

std::int64_t next_number_from(db::Transaction& tx, const TenantId& tenant, std::string_view list, std::int64_t floor) {
  return tx
      .query_one(
          "INSERT INTO sequences (tenant, name, value) VALUES (?1, ?2, ?3)"
          " ON CONFLICT (tenant, name) DO UPDATE SET value ="
          " CASE WHEN sequences.value < excluded.value THEN excluded.value ELSE sequences.value + 1 END"
          " RETURNING value",
          {tenant, list, floor})
      .value()
      .integer(0);
}

std::int64_t position_of(Instant created_at, std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: the same on every machine and in every version
  for (const char byte : id) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kIdBits) - 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(to_epoch_millis(created_at)) << kIdBits | (hash & kMask));
}

}  // namespace symbolon::store
