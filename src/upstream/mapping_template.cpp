#include "upstream/mapping_template.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;

constexpr std::string_view kReference = "${";
constexpr std::string_view kEscape = "$${";

bool ends_name(char letter) {
  const bool continues = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                         (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' ||
                         static_cast<unsigned char>(letter) >= 0x80;
  return !continues;
}

// Reads a path that starts behind "${" and takes it, with its closing brace, off the front of `rest`.
class PathReader {
 public:
  explicit PathReader(std::string_view& rest) : rest_(rest) {}

  std::expected<MappingTemplate::Path, std::string> read() {
    if (take_name() != "context")
      return std::unexpected("a reference must start with context, as in ${context.tokenset.email}");
    MappingTemplate::Path path;
    while (!rest_.starts_with('}')) {
      if (path.size() == kMaxTemplateDepth) return std::unexpected("a reference has too many parts");
      auto name = rest_.starts_with('[') ? take_quoted() : take_dotted();
      if (!name) return std::unexpected(std::move(name.error()));
      path.push_back(std::move(*name));
    }
    rest_.remove_prefix(1);
    return check(std::move(path));
  }

 private:
  std::string_view take_name() {
    const auto end = std::ranges::find_if(rest_, ends_name) - rest_.begin();
    const auto name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return name;
  }

  std::expected<std::string, std::string> take_dotted() {
    if (rest_.empty()) return std::unexpected("a reference lacks its closing brace");
    if (!rest_.starts_with('.')) return std::unexpected(unreadable());
    rest_.remove_prefix(1);
    const auto name = take_name();
    if (name.empty()) return std::unexpected(unreadable());
    return std::string(name);
  }

  std::expected<std::string, std::string> take_quoted() {
    const auto end = rest_.find("\"]", 2);
    if (!rest_.starts_with("[\"") || end == std::string_view::npos || end == 2) return std::unexpected(unreadable());
    const auto name = rest_.substr(2, end - 2);
    if (name.contains('"')) return std::unexpected(unreadable());
    rest_.remove_prefix(end + 2);
    return std::string(name);
  }

  std::string unreadable() const {
    return "a reference cannot be read at \"" + printable(rest_, 20) +
           "\"; write names with other characters as [\"name\"]";
  }

  static std::expected<MappingTemplate::Path, std::string> check(MappingTemplate::Path path) {
    const std::string_view root = path.empty() ? "" : std::string_view(path.front());
    if (root == "connection") {
      if (path.size() == 2 && (path[1] == "id" || path[1] == "name" || path[1] == "strategy")) return path;
      return std::unexpected("context.connection has only id, name and strategy");
    }
    if (root != "tokenset" && root != "userinfo")
      return std::unexpected("context has only connection, tokenset and userinfo");
    if (path.size() == 1) return std::unexpected("context." + path.front() + " needs the name of a claim behind it");
    return path;
  }

  std::string_view& rest_;
};

const js::value* find(const js::object& context, const MappingTemplate::Path& path) {
  const js::object* at = &context;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const js::value* value = at->if_contains(path[i]);
    if (value == nullptr || value->is_null()) return nullptr;
    if (i + 1 == path.size()) return value;
    at = value->if_object();
    if (at == nullptr) return nullptr;
  }
  return nullptr;
}

std::string stringify(const js::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  const auto* list = value.if_array();
  if (list == nullptr) return js::serialize(value);
  std::string out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const js::value& item = (*list)[i];
    if (i > 0) out.push_back(',');
    out += item.is_string() ? std::string(item.get_string()) : js::serialize(item);
  }
  return out;
}

bool spend(std::size_t& budget, std::size_t bytes) {
  if (bytes > budget) return false;
  budget -= bytes;
  return true;
}

}  // namespace

std::expected<MappingTemplate, std::string> MappingTemplate::parse(std::string_view text) {
  if (text.size() > kMaxTemplateBytes) return std::unexpected("a template may have at most 8 KiB");
  MappingTemplate parsed;
  std::string literal;
  for (std::string_view rest = text; !rest.empty();) {
    if (rest.starts_with(kEscape)) {
      literal += kReference;
      rest.remove_prefix(kEscape.size());
    } else if (rest.starts_with(kReference)) {
      rest.remove_prefix(kReference.size());
      auto path = PathReader(rest).read();
      if (!path) return std::unexpected(std::move(path.error()));
      if (!literal.empty()) parsed.parts_.emplace_back(std::exchange(literal, {}));
      parsed.parts_.emplace_back(std::move(*path));
    } else {
      if (rest.starts_with("{context.") || rest.starts_with("{context["))
        return std::unexpected("a reference needs a dollar sign: ${context.…}, not {context.…}");
      literal.push_back(rest.front());
      rest.remove_prefix(1);
    }
  }
  if (!literal.empty() || parsed.parts_.empty()) parsed.parts_.emplace_back(std::move(literal));
  return parsed;
}

bool MappingTemplate::reads_userinfo() const {
  return std::ranges::any_of(parts_, [](const auto& part) {
    const Path* path = std::get_if<Path>(&part);
    return path != nullptr && path->front() == "userinfo";
  });
}

std::expected<std::optional<js::value>, MappingTooLarge> MappingTemplate::expand(const js::object& context,
                                                                                 std::size_t& budget) const {
  if (const Path* only = parts_.size() == 1 ? std::get_if<Path>(&parts_.front()) : nullptr) {
    const js::value* value = find(context, *only);
    if (value == nullptr) return std::nullopt;
    if (!spend(budget, js::serialize(*value).size())) return std::unexpected(MappingTooLarge{});
    return *value;
  }
  std::string out;
  for (const auto& part : parts_) {
    std::string piece;
    if (const auto* literal = std::get_if<std::string>(&part)) {
      piece = *literal;
    } else if (const js::value* value = find(context, std::get<Path>(part))) {
      piece = stringify(*value);
    }
    if (!spend(budget, piece.size())) return std::unexpected(MappingTooLarge{});
    out += piece;
  }
  return js::value(out);
}

}  // namespace symbolon::upstream
