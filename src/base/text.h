#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// Without leading and trailing space, tab, CR and LF.
std::string_view trim(std::string_view text);

/// ASCII only: protocol names, host names and e-mail domains, never display text.
std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Parts between any of `separators`; empty parts are left out.
std::vector<std::string> split_words(std::string_view text, std::string_view separators = " ");
std::string join(const std::vector<std::string>& parts, std::string_view separator);

bool contains(const std::vector<std::string>& list, std::string_view word);

/// Number of Unicode code points of valid UTF-8; nullopt when `text` is not valid UTF-8.
std::optional<std::size_t> count_code_points(std::string_view text);

/// At most `limit` bytes, cut at a code point, with control and bidirectional characters replaced by spaces.
/// For upstream text that reaches a page or a log line.
std::string printable(std::string_view text, std::size_t limit);

}  // namespace symbolon
