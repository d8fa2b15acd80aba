//! What holds once for the account: root identity, security preference, SSO, leaked keys, OSS public access.

use xiezhi_model::service::account::{Account, LeakedKey};
use xiezhi_model::{Fact, List, Reason, Text};

use super::{Call, whole};
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls about the account itself.
pub const CALLS: &[Call] = &[
    Call::answer("ims", "GetAccountMFAInfo", mfa_info),
    Call::answer("ims", "GetAccountSecurityPracticeReport", practice_report),
    Call::answer("ims", "GetSecurityPreference", security_preference),
    Call::answer("ram", "GetSecurityPreference", security_preference),
    Call::answer("ims", "GetUserSsoSettings", sso),
    Call::answer("oss", "GetPublicAccessBlock", public_access_block),
    Call::answer("sas", "DescribeAccesskeyLeakList", leaks),
];

fn mfa_info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |account: &mut Account| account.root_mfa = f.bool("IsMFAEnable"));
}

fn practice_report(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let info = |key: &str| format!("AccountSecurityPracticeInfo.AccountSecurityPracticeUserInfo.{key}");
    sink.one(f, |account: &mut Account| {
        account.root_mfa = f.bool(&info("BindMfa"));
        account.root_access_keys = f.int(&info("RootWithAccessKey"));
        account.root_unused_access_keys = f.int(&info("UnusedAkNum"));
    });
}

fn security_preference(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let login = |key: &str| format!("SecurityPreference.LoginProfilePreference.{key}");
    sink.one(f, |account: &mut Account| {
        account.mfa_for_login = mfa_word(f, &login("MFAOperationForLogin"), &login("EnforceMFAForLogin"));
        account.login_networks = networks(f.opt_text(&login("LoginNetworkMasks")));
        account.login_session_hours = f.int(&login("LoginSessionDuration"));
        account.mfa_remembered = f.bool(&login("EnableSaveMFATicket"));
        account.users_manage_access_keys = f.bool("SecurityPreference.AccessKeyPreference.AllowUserToManageAccessKeys");
        account.users_manage_mfa = f.bool("SecurityPreference.MFAPreference.AllowUserToManageMFADevices");
    });
}

/// The three words of `MFAOperationForLogin`, or what the older switch means. Source: RAM, SetSecurityPreference.
pub(crate) fn mfa_word(f: &Fields<'_>, word: &str, legacy: &str) -> Fact<Text> {
    if f.has(word) {
        return f.text(word).try_map(|word| match word.to_ascii_lowercase().as_str() {
            known @ ("mandatory" | "adaptive" | "independent") => Ok(Text::from(known)),
            _ => Err(Reason::not_understood(format!("the MFA operation `{word}`"))),
        });
    }
    f.bool(legacy).map(|on| Text::from(if on { "mandatory" } else { "independent" }))
}

/// The login masks: separated by semicolons (Terraform), spaces or commas (API); none means from anywhere.
pub(crate) fn networks(masks: Fact<Text>) -> Fact<List<Text>> {
    if masks.is_absent() {
        return Fact::known(List::complete(vec![]), masks.origin);
    }
    masks.map(|masks| {
        let parts = masks.split([';', ' ', ',']).filter(|mask| !mask.is_empty());
        List::complete(parts.map(Text::from).collect())
    })
}

fn sso(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |account: &mut Account| account.user_sso = f.bool("UserSsoSettings.SsoEnabled"));
}

fn public_access_block(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let path = if f.has("BlockPublicAccess") {
        "BlockPublicAccess"
    } else {
        "PublicAccessBlockConfiguration.BlockPublicAccess"
    };
    sink.one(f, |account: &mut Account| account.oss_block_public_access = f.bool(path));
}

/// Source: Sas DescribeAccesskeyLeakList: `Status` is `pending`, or how it was handled (`dealed`, `disable`).
fn leaks(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = f.records("AccessKeyLeakList", |leak| LeakedKey {
        access_key: leak.text("AccesskeyId"),
        user: leak.opt_text("AliUserName"),
        handled: leak.text("Status").map(|status| !status.eq_ignore_ascii_case("pending")),
    });
    let list = whole(f, list);
    sink.one(f, |account: &mut Account| account.leaked_access_keys = list);
}
