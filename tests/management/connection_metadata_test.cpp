#include "management/management_test.h"

// How much of a provider's configuration may be uploaded (management-api §2.5).
namespace symbolon::management {
namespace {

namespace json = boost::json;

class ConnectionMetadataTest : public ManagementTest {
 protected:
  Reply create(const std::string& name, json::object document) {
    return post("/connections", json::serialize(json::object{
                                    {"strategy", "oidc"},
                                    {"name", name},
                                    {"options", {{"client_id", "abc"}, {"oidc_metadata", std::move(document)}}}}));
  }
  static json::array many(std::size_t count, std::size_t length = 3) {
    json::array list;
    for (std::size_t i = 0; i < count; ++i) list.emplace_back(std::string(length, 'x'));
    return list;
  }
};

TEST_F(ConnectionMetadataTest, IsBounded) {
  const struct {
    const char* member;
    json::value most, too_much;
  } kRows[] = {
      {"scopes_supported", many(7000), many(7001)},
      {"claims_supported", many(150), many(151)},
      {"grant_types_supported", many(20), many(21)},
      {"response_types_supported", many(40), many(41)},
      {"acr_values_supported", many(30), many(31)},
      {"claims_locales_supported", many(100), many(101)},
      {"ui_locales_supported", many(150), many(151)},
      {"display_values_supported", many(1000), many(1001)},
      {"scopes_supported", many(1, 255), many(1, 256)},
      {"service_documentation", std::string(4096, 'x').c_str(), std::string(4097, 'x').c_str()},
      {"a_vendors_own", {{"list", many(1000, 200)}}, {{"list", many(2000, 200)}}},
  };
  int number = 0;
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.member);
    json::object document = provider_document();
    document[row.member] = row.most;
    EXPECT_EQ(create("most" + std::to_string(++number), document).status, 201);
    document[row.member] = row.too_much;
    const Reply refused = create("more" + std::to_string(number), document);
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), testing::HasSubstr("options.oidc_metadata"));
  }
}

TEST_F(ConnectionMetadataTest, IsRefusedWithMembersWithoutEnd) {
  json::object document = provider_document();
  for (int i = 0; i < 200; ++i) document["x" + std::to_string(i)] = i;
  EXPECT_EQ(create("corp", document).status, 400);
}

}  // namespace
}  // namespace symbolon::management
