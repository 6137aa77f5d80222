#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/task.h"

namespace symbolon {

/// Threads for work that would stall an I/O thread: signatures, key generation, password-grade hashing.
class Workers {
 public:
  virtual ~Workers() = default;

  /// Runs `work` on a worker thread and resumes the caller on its own. What `work` throws, the caller sees.
  template <std::invocable F>
  Task<std::invoke_result_t<F>> run(F work) {
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      co_await run_erased([&work] { work(); });
    } else {
      std::optional<std::invoke_result_t<F>> result;
      co_await run_erased([&] { result.emplace(work()); });
      co_return std::move(*result);
    }
  }

 protected:
  /// Not cancellable: `work` refers to the caller's frame and must have finished before the frame goes.
  virtual Task<void> run_erased(std::move_only_function<void()> work) = 0;
};

}  // namespace symbolon
