#pragma once

#include <boost/json.hpp>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// What a configuration file asks for, against what a tenant has (design §1.12). Pure: nothing here reads or writes.
namespace symbolon::app {

/// One value that would become another. Null stands for "not there".
struct Difference {
  std::string member;  ///< `options.attribute_map.mapping_mode`
  boost::json::value before, after;
};

/// What is to be done about one resource of the file.
struct PlannedStep {
  enum class Action { keep, create, change };
  Action action = Action::keep;
  std::string kind;  ///< settings, client, connection
  std::string name;
  std::string id, etag;      ///< of the resource that there is
  boost::json::object body;  ///< to send; enabled_clients as the file has them
  std::vector<Difference> differences;
};

/// A resource as the tenant has it.
struct PresentResource {
  std::string id, etag;
  boost::json::object document;
};

/// Options in the form in which they would be stored, or why they would be refused.
using Canonical = std::function<std::expected<boost::json::object, std::string>(boost::json::object)>;

/// The values of `wanted` put into `present`: objects are merged, everything else is replaced, members that `wanted`
/// does not name stay.
boost::json::object merge_documents(boost::json::object present, const boost::json::object& wanted);

/// Everything that differs between the two; null and absent are the same.
std::vector<Difference> find_differences(const boost::json::object& before, const boost::json::object& after);

/// Tenant settings and clients.
PlannedStep plan_document(std::string kind, std::string name, boost::json::object wanted,
                          const std::optional<PresentResource>& present);

/// Connections: the API replaces options as a whole, so they are merged here, one by one; null takes an option away. An
/// option that came from the provider's document gives way when the file names another provider.
std::expected<PlannedStep, std::string> plan_connection(boost::json::object wanted,
                                                        const std::optional<PresentResource>& present,
                                                        const Canonical& canonical);

/// The plan for people, one line for each value; nothing that is secret by name or in `secrets` is shown.
std::string describe_plan(const std::vector<PlannedStep>& steps, const std::vector<std::string>& secrets);
/// The same for programs.
boost::json::array show_plan(const std::vector<PlannedStep>& steps, const std::vector<std::string>& secrets);

}  // namespace symbolon::app
