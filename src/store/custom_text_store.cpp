#include "store/custom_text_store.h"

#include <stdexcept>

namespace symbolon::store {
namespace {

std::string_view to_text(TextKind kind) {
  switch (kind) {
    case TextKind::prompt: return "prompt";
    case TextKind::prompt_partial: return "prompt_partial";
    case TextKind::self_service_page: return "self_service_page";
  }
  throw std::logic_error("TextKind outside its enumerators");
}

}  // namespace

std::optional<std::string> CustomTextStore::find(TextKind kind, std::string_view name, std::string_view language) {
  const auto row = tx_.query_one(
      "SELECT doc FROM custom_texts WHERE tenant = ?1 AND kind = ?2 AND name = ?3 AND language = ?4",
      {tenant_, to_text(kind), name, language});
  if (!row) return std::nullopt;
  return row->text(0);
}

void CustomTextStore::put(TextKind kind, std::string_view name, std::string_view language, std::string_view doc,
                          Instant now) {
  tx_.execute(
      "INSERT INTO custom_texts (tenant, kind, name, language, doc, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT (tenant, kind, name, language) DO UPDATE SET doc = excluded.doc, updated_at = excluded.updated_at",
      {tenant_, to_text(kind), name, language, doc, now});
}

void CustomTextStore::remove(TextKind kind, std::string_view name) {
  tx_.execute("DELETE FROM custom_texts WHERE tenant = ?1 AND kind = ?2 AND name = ?3",
              {tenant_, to_text(kind), name});
}

}  // namespace symbolon::store
