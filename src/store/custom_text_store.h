#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// Whose texts they are.
enum class TextKind { prompt, prompt_partial, self_service_page };

/// Texts that administrators write, each a JSON object.
class CustomTextStore {
 public:
  CustomTextStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<std::string> find(TextKind kind, std::string_view name, std::string_view language);
  void put(TextKind kind, std::string_view name, std::string_view language, std::string_view doc, Instant now);
  /// In every language.
  void remove(TextKind kind, std::string_view name);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
