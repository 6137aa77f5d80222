#include "oidc/our_apis.h"

namespace symbolon::oidc {

std::string userinfo_audience(const http::Site& site) { return site.url("/userinfo"); }
std::string management_audience(const http::Site& site) { return site.url("/api/v2/"); }
std::string my_account_audience(const http::Site& site) { return site.url("/me/"); }
std::string administration_audience(const http::Site& site) { return site.url("/admin/v1"); }

bool is_our_api(const http::Site& site, std::string_view audience) {
  return audience == management_audience(site) || audience == my_account_audience(site) ||
         audience == administration_audience(site);
}

}  // namespace symbolon::oidc
