#pragma once

#include "base/task.h"
#include "http/request.h"
#include "http/response.h"
#include "management/contract.h"
#include "pages/html.h"

namespace symbolon::app {

/// GET /docs: the Management API for readers, written from the contract that the server itself runs on. No script, no
/// address but our own.
class ReferencePage {
 public:
  explicit ReferencePage(const management::Contract& contract);

  Task<http::Response> handle(http::Request request);

 private:
  pages::Html body_;
};

}  // namespace symbolon::app
