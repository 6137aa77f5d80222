// Made-up people. `sub` never changes; everything else may, as with a real provider.
export const people = [
  {
    sub: "ada",
    name: "Ada Nightingale",
    given_name: "Ada",
    family_name: "Nightingale",
    nickname: "ada",
    preferred_username: "ada.nightingale",
    email: "ada@acme.example",
    email_verified: true,
    locale: "en-GB",
    department: "Research",
    groups: ["staff", "research"],
  },
  {
    sub: "bao",
    name: "Bảo Lefèvre",
    given_name: "Bảo",
    family_name: "Lefèvre",
    nickname: "bao",
    preferred_username: "bao.lefevre",
    email: "bao@acme.example",
    email_verified: true,
    locale: "fr",
    department: "Finance",
    groups: ["staff", "finance", "approvers"],
  },
  {
    sub: "chidi",
    name: "Chidi O'Hara",
    given_name: "Chidi",
    family_name: "O'Hara",
    nickname: "chidi",
    preferred_username: "chidi.ohara",
    email: "chidi@contractors.example",
    email_verified: false,
    locale: "en-IE",
    department: "Contractors",
    groups: ["guests"],
  },
];

export const findPerson = (sub) => people.find((person) => person.sub === sub);
