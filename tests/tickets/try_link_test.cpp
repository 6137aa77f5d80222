#include "tickets/try_link.h"

#include "tickets/fixture.h"
#include "tickets/opaque.h"

namespace symbolon::tickets {
namespace {

TEST(TryLink, ItsReportIdFollowsFromTheTicketAndNotTheOtherWayRound) {
  CounterRandom random;
  const TryLink one = make_try_link(random);
  const TryLink other = make_try_link(random);
  EXPECT_EQ(one.ticket.size(), 43U);
  EXPECT_EQ(try_report_id(one.ticket), one.report_id);
  EXPECT_NE(try_report_id(one.report_id), one.report_id);
  EXPECT_NE(one.ticket, other.ticket);
  EXPECT_NE(one.report_id, other.report_id);
}

TEST(TryLink, T17OrderAndReportHaveKeysOfTheirOwn) {
  EXPECT_NE(try_order_hash("x").bytes, try_report_hash("x").bytes);
  EXPECT_NE(try_order_hash("x").bytes, hash_ticket("login_state", "x").bytes);
  EXPECT_NE(try_order_hash("x").bytes, try_order_hash("y").bytes);
}

TEST(TryOrder, ReadsWhatItWrites) {
  const TryOrder order{ConnectionId("con_1"), ClientId("client"), kNow};
  const auto read = read_try_order(to_document(order));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->connection, order.connection);
  EXPECT_EQ(read->ordered_by, order.ordered_by);
  EXPECT_EQ(read->start_by, order.start_by);
  EXPECT_FALSE(read_try_order("no document"));
}

TEST(TryReport, OpensOnlyWhereItWasSealedFor) {
  TestBox own, foreign(7);
  const std::string document = seal_try_report(own.box, kTenant, "report", R"({"email":"ada@idp.example"})");
  EXPECT_EQ(document.find("ada@"), std::string::npos);
  EXPECT_EQ(open_try_report(own.box, kTenant, "report", document), R"({"email":"ada@idp.example"})");
  EXPECT_FALSE(open_try_report(own.box, TenantId("other"), "report", document));
  EXPECT_FALSE(open_try_report(own.box, kTenant, "other", document));
  EXPECT_FALSE(open_try_report(foreign.box, kTenant, "report", document));
  EXPECT_FALSE(open_try_report(own.box, kTenant, "report", "{}"));
  EXPECT_FALSE(open_try_report(own.box, kTenant, "report", "no document"));
}

}  // namespace
}  // namespace symbolon::tickets
