#include "net/trust_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace symbolon::net {
namespace {

/// `c_rehash` names its files by eight hexadecimal digits and a number.
bool is_hashed(const std::string& directory) {
  std::error_code error;
  const std::filesystem::directory_iterator files(directory, error);
  return !error && std::ranges::any_of(files, [](const std::filesystem::directory_entry& file) {
    const std::string name = file.path().filename().string();
    return name.size() == 10 && name.ends_with(".0");
  });
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace

TrustStore TrustStore::of_the_system() {
  const curl_version_info_data* version = curl_version_info(CURLVERSION_NOW);
  const auto text = [](const char* path) { return path != nullptr ? std::string(path) : std::string(); };
  return {text(version->capath), text(version->cainfo)};
}

TrustStore::TrustStore(std::string directory, std::string bundle) {
  if (!directory.empty() && is_hashed(directory)) {
    directory_ = std::move(directory);
  } else if (!bundle.empty()) {
    bundle_pem_ = text_of(bundle);
    bundle_ = std::move(bundle);
  }
}

void TrustStore::apply(CURL* easy, const std::string& additional_pem) const {
  curl_easy_setopt(easy, CURLOPT_CAPATH, or_null(directory_));
  curl_easy_setopt(easy, CURLOPT_CAINFO, or_null(bundle_));
  curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, or_null(directory_));
  curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, or_null(bundle_));
  if (additional_pem.empty()) return;
  std::string text = bundle_pem_ + "\n" + additional_pem;
  curl_blob blob{.data = text.data(), .len = text.size(), .flags = CURL_BLOB_COPY};
  curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
  curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO_BLOB, &blob);
}

}  // namespace symbolon::net
