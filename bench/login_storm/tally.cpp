#include "login_storm/tally.h"

#include <stdexcept>

namespace symbolon::bench {

std::string_view to_string(Step step) {
  switch (step) {
    case Step::authorize:
      return "authorize";
    case Step::upstream:
      return "upstream";
    case Step::callback:
      return "callback";
    case Step::callback_alone:
      return "callback_alone";
    case Step::token:
      return "token";
    case Step::whole:
      return "whole";
  }
  throw std::logic_error("Step outside its enumerators");
}

void Tally::add(const Outcome& outcome) {
  if (outcome.failure) {
    ++failed_;
    Kind& kind = failures_[outcome.failure->kind];
    if (kind.count++ == 0) kind.detail = outcome.failure->detail;
    return;
  }
  ++succeeded_;
  for (std::size_t step = 0; step < kSteps; ++step)
    if (outcome.times.at(step)) steps_[step].record(*outcome.times.at(step));
}

}  // namespace symbolon::bench
