//! The account in Terraform: security preference, OSS public access, where events of global services are recorded.

use xiezhi_model::service::account::Account;

use crate::api::account::{mfa_word, networks};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types about the account itself.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_ram_security_preference", kind: Some(Account::SCHEMA), read: security_preference },
    Block { name: "alicloud_oss_account_public_access_block", kind: Some(Account::SCHEMA), read: public_access_block },
    Block {
        name: "alicloud_actiontrail_global_events_storage_region",
        kind: Some(Account::SCHEMA),
        read: global_events,
    },
];

fn security_preference(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/ram_security_preference";
    sink.one(f, |account: &mut Account| {
        account.mfa_for_login = if f.has("mfa_operation_for_login") || f.has("enforce_mfa_for_login") {
            mfa_word(f, "mfa_operation_for_login", "enforce_mfa_for_login")
        } else {
            f.text_or("mfa_operation_for_login", "independent", PAGE)
        };
        // User SSO is off until somebody sets it up, which this provider cannot do.
        account.user_sso = documented("RAM, user-based SSO").known(false);
        account.login_networks = networks(f.opt_text("login_network_masks"));
        account.login_session_hours = f.int_or("login_session_duration", 6, PAGE);
        account.mfa_remembered = f.bool_or("enable_save_mfa_ticket", false, PAGE);
        account.users_manage_access_keys = f.bool_or("allow_user_to_manage_access_keys", false, PAGE);
        account.users_manage_mfa = f.bool_or("allow_user_to_manage_mfa_devices", true, PAGE);
    });
}

fn global_events(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |account: &mut Account| account.global_events_region = f.text("storage_region"));
}

fn public_access_block(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |account: &mut Account| account.oss_block_public_access = f.bool("block_public_access"));
}
