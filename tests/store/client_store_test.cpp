#include "store/client_store.h"

#include "store/connection_store.h"
#include "store/grant_store.h"
#include "store/refresh_token_store.h"
#include "store/resource_server_store.h"
#include "store/session_store.h"
#include "store/store_test.h"
#include "store/table_dump.h"
#include "store/user_store.h"

namespace symbolon::store {
namespace {

class ClientStoreTest : public StoreTest {};

const ClientId kClient("client_1");

TEST_P(ClientStoreTest, FindsWhatWasInserted) {
  const auto client = sample_client();
  write([&](db::Transaction& tx) { EXPECT_EQ(ClientStore(tx, kTenant).insert(client), Insert::done); });
  read([&](db::Transaction& tx) {
    expect_same(ClientStore(tx, kTenant).find(kClient).value(), client);
    EXPECT_FALSE(ClientStore(tx, kTenant).find(ClientId("client_2")));
  });
}

TEST_P(ClientStoreTest, KeepsAbsentSecretsAbsent) {
  write([&](db::Transaction& tx) {
    ClientStore(tx, kTenant).insert(client_from_document(kTenant, R"({"client_id":"client_1","name":"x"})"));
    const auto found = ClientStore(tx, kTenant).find(kClient).value();
    EXPECT_TRUE(found.secret.empty());
    EXPECT_TRUE(found.secret_hash.empty());
  });
}

TEST_P(ClientStoreTest, RefusesASecondOneOfTheSameId) {
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    clients.insert(sample_client());
    EXPECT_EQ(clients.insert(client_from_document(kTenant, R"({"client_id":"client_1","name":"Other"})")),
              Insert::duplicate);
    EXPECT_EQ(clients.find(kClient)->name, "Shop");
  });
}

TEST_P(ClientStoreTest, UpdatesOnlyTheVersionItWasBasedOn) {
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    EXPECT_EQ(clients.update(sample_client(), 4), Update::missing);
    clients.insert(sample_client());
    auto changed = client_from_document(kTenant, R"({"client_id":"client_1","name":"Other","app_type":"spa"})");
    changed.created_at = kNow;
    changed.updated_at = kNow + std::chrono::hours(1);
    changed.secret.bytes = "other sealed secret";
    EXPECT_EQ(clients.update(changed, 3), Update::changed_meanwhile);
    EXPECT_EQ(clients.find(kClient)->name, "Shop");
    EXPECT_EQ(clients.update(changed, 4), Update::done);
    changed.version = 5;
    expect_same(clients.find(kClient).value(), changed);
    EXPECT_EQ(clients.update(changed, 4), Update::changed_meanwhile);
  });
}

TEST_P(ClientStoreTest, ListsInOrderOfCreationByFilterAndWindow) {
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    for (const char* doc : {R"({"client_id":"z","name":"first","app_type":"spa"})",
                            R"({"client_id":"a","name":"second","app_type":"native","is_first_party":false})",
                            R"({"client_id":"m","name":"third","app_type":"regular_web"})",
                            R"({"client_id":"g","name":"All Applications","global":true})"})
      clients.insert(client_from_document(kTenant, doc));
    const auto names = [&](ClientFilter filter, Window window = {}) {
      std::string text;
      for (const auto& client : clients.list(filter, window).items) text += client.id.str() + " ";
      return text;
    };
    EXPECT_EQ(names({}), "z a m g ");
    EXPECT_EQ(names({.is_global = true}), "g ");
    EXPECT_EQ(names({.is_global = false}), "z a m ");
    EXPECT_EQ(names({.is_first_party = false}), "a ");
    EXPECT_EQ(names({.app_types = {"spa", "regular_web"}}), "z m ");
    EXPECT_EQ(names({.is_global = true, .app_types = {"spa"}}), "");
    EXPECT_EQ(names({}, {.offset = 1, .limit = 2}), "a m ");
    EXPECT_EQ(names({}, {.offset = 9}), "");
    EXPECT_EQ(names({}, {.limit = 0}), "");
    EXPECT_EQ(names({}, {.offset = -3, .limit = -1}), "");
    EXPECT_EQ(clients.list({}, {.limit = 0}).total, 4);
    EXPECT_EQ(clients.list({.is_global = false}, {.limit = 1}).total, 3);

    const auto first = clients.list({}, {.limit = 3});
    ASSERT_TRUE(first.next);
    clients.insert(client_from_document(kTenant, R"({"client_id":"b","name":"while somebody reads"})"));
    EXPECT_EQ(names({}, {.after = *first.next, .limit = 3}), "g b ");
    EXPECT_FALSE(clients.list({}, {.after = *first.next, .limit = 3}).next);
    EXPECT_FALSE(clients.list({}, {.limit = 5}).next);
  });
}

TEST_P(ClientStoreTest, KnowsRegisteredOrigins) {
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    clients.insert(sample_client());
    for (const char* known :
         {"https://shop.example.com", "https://www.example.com:8443", "https://pr-1.preview.example.com"})
      EXPECT_TRUE(clients.is_known_origin(known)) << known;
    for (const char* unknown :
         {"https://shop.example.com:443", "http://shop.example.com", "https://shop.example.com.evil.example",
          "https://www.example.com", "https://a.b.preview.example.com", "https://preview.example.com", "null", "",
          "https://*.preview.example.com/", "https://shop.example.com/"})
      EXPECT_FALSE(clients.is_known_origin(unknown)) << unknown;

    auto moved =
        client_from_document(kTenant, R"({"client_id":"client_1","name":"x","web_origins":["https://new.example"]})");
    clients.update(moved, 4);
    EXPECT_TRUE(clients.is_known_origin("https://new.example"));
    EXPECT_FALSE(clients.is_known_origin("https://shop.example.com"));
    clients.remove(kClient);
    EXPECT_FALSE(clients.is_known_origin("https://new.example"));
  });
}

TEST_P(ClientStoreTest, AnOriginStaysKnownWhileOneClientHasIt) {
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    clients.insert(sample_client());
    clients.insert(sample_client(kTenant, "client_2"));
    clients.remove(kClient);
    EXPECT_TRUE(clients.is_known_origin("https://shop.example.com"));
  });
}

TEST_P(ClientStoreTest, ListsTheClientsWithAnOrigin) {
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    clients.insert(sample_client());
    clients.insert(sample_client(kTenant, "client_2"));
    clients.insert(client_from_document(
        kTenant, R"({"client_id":"client_3","name":"x","web_origins":["https://other.example"]})"));
    const auto ids = [&](std::string_view origin) {
      std::string text;
      for (const auto& client : clients.list_with_origin(origin)) text += client.id.str() + " ";
      return text;
    };
    EXPECT_EQ(ids("https://shop.example.com"), "client_1 client_2 ");
    EXPECT_EQ(ids("https://pr-1.preview.example.com"), "client_1 client_2 ");
    EXPECT_EQ(ids("https://other.example"), "client_3 ");
    EXPECT_EQ(ids("https://a.b.preview.example.com"), "");
    EXPECT_EQ(ids("https://evil.example"), "");
    EXPECT_EQ(ids(""), "");
  });
}

TEST_P(ClientStoreTest, CredentialsAreKeptByClient) {
  const auto credential = sample_credential();
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    EXPECT_THROW(clients.insert_credential(credential), std::logic_error);
    clients.insert(sample_client());
    EXPECT_EQ(clients.insert_credential(credential), Insert::done);
    EXPECT_EQ(clients.insert_credential(credential), Insert::duplicate);
    expect_same(clients.find_credential(kClient, "cred_1").value(), credential);
    EXPECT_FALSE(clients.find_credential(kClient, "cred_2"));
    EXPECT_FALSE(clients.find_credential(ClientId("client_2"), "cred_1"));
    EXPECT_EQ(clients.list_credentials(kClient).size(), 1u);

    auto changed = credential;
    changed.doc = "{}";
    EXPECT_TRUE(clients.update_credential(changed));
    EXPECT_EQ(clients.find_credential(kClient, "cred_1")->doc, "{}");
    changed.id = "cred_2";
    EXPECT_FALSE(clients.update_credential(changed));

    EXPECT_FALSE(clients.remove_credential(ClientId("client_2"), "cred_1"));
    EXPECT_TRUE(clients.remove_credential(kClient, "cred_1"));
    EXPECT_FALSE(clients.remove_credential(kClient, "cred_1"));
  });
}

TEST_P(ClientStoreTest, OnlyReferencedCredentialsBecomeKeys) {
  write([&](db::Transaction& tx) {
    ClientStore clients(tx, kTenant);
    auto client = client_from_document(kTenant, R"({"client_id":"client_1","name":"x",
      "client_authentication_methods":{"private_key_jwt":{"credentials":[{"id":"cred_2"},{"id":"cred_gone"}]}},
      "signed_request_object":{"credentials":[{"id":"cred_3"}]}})");
    clients.insert(client);
    clients.insert_credential(sample_credential("client_1", "cred_1"));
    clients.insert_credential(sample_credential("client_1", "cred_2"));
    clients.insert_credential(sample_credential("client_1", "cred_3"));
    const auto keys = clients.find(kClient)->keys;
    ASSERT_EQ(keys.size(), 2u);
    EXPECT_TRUE(keys[0].authenticates);
    EXPECT_FALSE(keys[0].signs_requests);
    EXPECT_FALSE(keys[1].authenticates);
    EXPECT_TRUE(keys[1].signs_requests);
    EXPECT_EQ(keys[0].credential_id, "cred_2");
    EXPECT_EQ(keys[0].kid, "kid_cred_2");
    EXPECT_EQ(keys[0].algorithm, "PS256");
    EXPECT_EQ(keys[0].spki_pem, "PEM of cred_2");
    EXPECT_EQ(keys[0].expires_at, from_iso8601("2030-01-01T00:00:00Z"));
  });
}

TEST_P(ClientStoreTest, RemovalTakesWhatBelongsToTheClient) {
  write([&](db::Transaction& tx) {
    populate(tx, kTenant);
    ClientStore clients(tx, kTenant);
    auto kept = sample_grant(kTenant, "grant_of_other");
    kept.client = ClientId("client_2");
    clients.insert(sample_client(kTenant, "client_2"));
    GrantStore(tx, kTenant).insert(kept);
    auto without_connection = sample_grant(kTenant, "grant_without_connection");
    without_connection.connection = ConnectionId();
    GrantStore(tx, kTenant).insert(without_connection);

    EXPECT_FALSE(clients.remove(ClientId("client_3")));
    EXPECT_TRUE(clients.remove(kClient));
    EXPECT_FALSE(clients.remove(kClient));
    for (const char* table :
         {"clients", "client_origins", "client_credentials", "connection_clients", "session_clients", "grants",
          "authorization_codes", "access_tokens", "refresh_tokens", "consents", "client_grants"})
      EXPECT_TRUE(dump_table(tx, table, "client_id = 'client_1'").empty()) << table;
    EXPECT_TRUE(dump_table(tx, "tickets").empty());
    EXPECT_TRUE(GrantStore(tx, kTenant).find(GrantId("grant_of_other")));
    EXPECT_TRUE(SessionStore(tx, kTenant).find(SessionId("sid_1"))) << "a session serves other clients too";
    EXPECT_TRUE(UserStore(tx, kTenant).find(UserId("oidc|Corp|jane")));
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, ClientStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
