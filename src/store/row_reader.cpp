#include "store/row_reader.h"

#include "base/text.h"

namespace symbolon::store {

std::vector<std::string> RowReader::words() { return split_words(row_.text(at_++)); }

}  // namespace symbolon::store
