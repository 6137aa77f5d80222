#pragma once

#include <optional>
#include <string>
#include <string_view>

// Issuers, and the templates that multi-tenant providers publish in their place (login-runtime RP-7):
// `https://login.microsoftonline.com/{tenantid}/v2.0`.
namespace symbolon::upstream {

/// An absolute http or https URL without query and fragment (OpenID Connect Discovery §3), or such a template with
/// `{tenantid}` in its path and no other braces.
bool is_issuer(std::string_view text);
bool is_issuer_template(std::string_view issuer);

/// A GUID in lower case: the only form of `tid` that is put into a template.
bool is_tenant_id(std::string_view text);

/// The template with `tid` in it; nullopt when `tid` is no such GUID.
std::optional<std::string> fill_issuer(std::string_view issuer_template, std::string_view tid);

/// Whether `issuer` is the configured one, byte for byte, or what some tenant makes of the configured template.
bool could_be_issuer(std::string_view configured, std::string_view issuer);

}  // namespace symbolon::upstream
