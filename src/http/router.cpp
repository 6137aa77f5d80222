#include "http/router.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "http/form.h"

namespace symbolon::http {

struct Router::Node {
  struct Leaf {
    Method method;
    std::size_t route;
  };
  std::map<std::string, Node, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::vector<Leaf> leaves;
};

namespace {

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);
  for (;;) {
    const auto end = path.find('/');
    parts.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return parts;
    path.remove_prefix(end + 1);
  }
}

/// The name inside the braces; nullopt for a literal part.
std::optional<std::string_view> parameter_name(std::string_view part) {
  if (!part.starts_with('{')) return std::nullopt;
  return part.substr(1, part.size() - 2);
}

void check_pattern(const Route& route) {
  bool valid = route.pattern.starts_with('/') && route.handler != nullptr;
  if (valid) {
    for (const auto part : split_path(route.pattern)) {
      const bool braces = part.size() > 2 && part.starts_with('{') && part.ends_with('}');
      const auto inner = braces ? part.substr(1, part.size() - 2) : part;
      valid = valid && inner.find_first_of("{}%?#") == std::string_view::npos;
    }
  }
  if (!valid) throw std::logic_error("route " + route.pattern + ": not a usable pattern, or no handler");
}

// The decoded parts of a request path, and what a walk through the tree gathers.
struct Walk {
  Method method;
  std::vector<std::string> parts;
  std::vector<Method> allowed;

  static std::optional<Walk> over(Method method, const std::vector<std::string_view>& raw_parts) {
    Walk walk{.method = method, .parts = {}, .allowed = {}};
    for (const auto part : raw_parts) {
      auto decoded = percent_decode(part);
      if (!decoded) return std::nullopt;
      walk.parts.push_back(std::move(*decoded));
    }
    return walk;
  }
};

template <class Node>
std::optional<std::size_t> match_leaf(const Node& node, Walk& walk) {
  std::optional<std::size_t> get;
  for (const auto& leaf : node.leaves) {
    if (leaf.method == walk.method) return leaf.route;
    if (leaf.method == Method::get) get = leaf.route;
    if (std::ranges::find(walk.allowed, leaf.method) == walk.allowed.end()) walk.allowed.push_back(leaf.method);
  }
  return walk.method == Method::head ? get : std::nullopt;
}

// Literal parts first. A literal that has no route for the method gives way to a parameter that has one.
template <class Node>
std::optional<std::size_t> match(const Node& node, std::size_t at, Walk& walk) {
  if (at == walk.parts.size()) return match_leaf(node, walk);
  const std::string& part = walk.parts[at];
  if (const auto literal = node.literals.find(part); literal != node.literals.end())
    if (const auto route = match(literal->second, at + 1, walk)) return route;
  if (node.parameter && !part.empty()) return match(*node.parameter, at + 1, walk);
  return std::nullopt;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  auto root = std::make_shared<Node>();
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    check_pattern(route);
    Node* node = root.get();
    const auto parts = split_path(route.pattern);
    longest_ = std::max(longest_, parts.size());
    for (const auto part : parts) {
      if (!parameter_name(part)) {
        node = &node->literals[std::string(part)];
        continue;
      }
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
    }
    if (std::ranges::find(node->leaves, route.method, &Node::Leaf::method) != node->leaves.end())
      throw std::logic_error("two routes for " + std::string(to_string(route.method)) + " " + route.pattern);
    node->leaves.push_back({route.method, i});
  }
  root_ = std::move(root);
}

Router::Result Router::find(Method method, std::string_view path) const {
  if (!path.starts_with('/') || std::cmp_greater(std::ranges::count(path, '/'), longest_)) return NotFound{};
  auto walk = Walk::over(method, split_path(path));
  if (!walk) return BadEscape{};
  const auto found = match(*root_, 0, *walk);
  if (!found && walk->allowed.empty()) return NotFound{};
  if (!found) return WrongMethod{std::move(walk->allowed)};

  Match result{.route = &routes_[*found], .parameters = {}};
  const auto names = split_path(result.route->pattern);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const auto name = parameter_name(names[i])) result.parameters.emplace(*name, std::move(walk->parts[i]));
  return result;
}

}  // namespace symbolon::http
