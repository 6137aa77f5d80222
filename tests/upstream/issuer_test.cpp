#include "upstream/issuer.h"

#include <gtest/gtest.h>

namespace symbolon::upstream {
namespace {

constexpr std::string_view kTemplate = "https://login.microsoftonline.com/{tenantid}/v2.0";
constexpr std::string_view kTid = "0a1b2c3d-0000-4000-8000-00000000000f";

TEST(Issuer, TellsIssuersFromOtherTexts) {
  for (const char* good :
       {"https://idp.example", "https://idp.example/", "https://idp.example/a/b", "http://127.0.0.1:3000",
        "https://login.microsoftonline.com/{tenantid}/v2.0", "https://sts.windows.net/{tenantid}/"})
    EXPECT_TRUE(is_issuer(good)) << good;
  for (const char* bad :
       {"", "idp.example", "https://", "ftp://idp.example", "https://idp.example?x=1", "https://idp.example#f",
        "https://u:p@idp.example", "https://idp.example/{tenant}", "https://idp.example/{tenantid}/{tenantid}",
        "https://{tenantid}.example/", "{tenantid}", "https://idp.example/{", "https://idp.example/a b"})
    EXPECT_FALSE(is_issuer(bad)) << bad;
}

TEST(Issuer, FillsATemplateWithAGuidOnly) {
  EXPECT_EQ(fill_issuer(kTemplate, kTid),
            "https://login.microsoftonline.com/0a1b2c3d-0000-4000-8000-00000000000f/v2.0");
  for (const char* bad : {"", "common", "0A1B2C3D-0000-4000-8000-00000000000F", "0a1b2c3d000040008000000000000f",
                          "0a1b2c3d-0000-4000-8000-00000000000", "0a1b2c3d-0000-4000-8000-00000000000g",
                          "0a1b2c3d/0000-4000-8000-00000000000f", "../../evil"})
    EXPECT_EQ(fill_issuer(kTemplate, bad), std::nullopt) << bad;
  EXPECT_EQ(fill_issuer("https://idp.example", kTid), std::nullopt);
}

TEST(Issuer, ComparesByteForByteOrByShape) {
  EXPECT_TRUE(could_be_issuer("https://idp.example", "https://idp.example"));
  EXPECT_FALSE(could_be_issuer("https://idp.example", "https://idp.example/"));
  EXPECT_FALSE(could_be_issuer("https://idp.example", "https://IDP.example"));
  EXPECT_TRUE(could_be_issuer(kTemplate, *fill_issuer(kTemplate, kTid)));
  EXPECT_FALSE(could_be_issuer(kTemplate, kTemplate));
  EXPECT_FALSE(could_be_issuer(kTemplate, "https://login.microsoftonline.com/common/v2.0"));
  EXPECT_FALSE(could_be_issuer(kTemplate, "https://login.microsoftonline.com/"));
  EXPECT_FALSE(could_be_issuer(kTemplate, *fill_issuer(kTemplate, kTid) + "x"));
}

}  // namespace
}  // namespace symbolon::upstream
