//! The account, RAM users, groups and roles. Source: CloudRec, collector for Alibaba Cloud, `ims`, `ram`.

use super::asset::{Asset, asset, list, member, when, whole};

/// One access key of a user: when it was last used is asked for by its id.
const ACCESS_KEY: Asset = asset(
    &[],
    ("AccessKey", "AccessKeyId"),
    "UserAccessKeyId",
    &[whole("LastUsedDate", "ram:GetAccessKeyLastUsed", "AccessKeyLastUsed.LastUsedDate")],
);

pub(super) const ASSETS: &[Asset] = &[
    asset(
        &["AccountSummary", "SecurityPreference", "PasswordPolicy"],
        ("", ""),
        "",
        &[
            whole("PasswordPolicy", "ims:GetPasswordPolicy", "PasswordPolicy"),
            whole("SecurityPreference", "ims:GetSecurityPreference", "SecurityPreference"),
            whole(
                "AccountSecurityPracticeReport",
                "ims:GetAccountSecurityPracticeReport",
                "AccountSecurityPracticeInfo",
            ),
            whole("UserSsoSettings", "ims:GetUserSsoSettings", "UserSsoSettings"),
        ],
    ),
    // `Policies` holds those of the user's groups too, where the collector looked at groups: `Source` says whose each is.
    asset(
        &["UserDetail|ExistActiveAccessKey", "ConsoleLogin|LoginProfile"],
        ("User", "UserName"),
        "UserName",
        &[
            member("User", "ram:ListUsers", "Users.User"),
            whole("UserDetail", "ram:GetUser", "User").of("UserName"),
            // A document of a user without a profile may hold an empty one.
            when("ConsoleLogin", "LoginProfile", "ims:GetLoginProfile", "LoginProfile"),
            list("AccessKeys[].AccessKey", "ram:ListAccessKeys", "AccessKeys.AccessKey"),
            list("Groups", "ram:ListGroupsForUser", "Groups.Group"),
            list("Policies[Source!Group:].Policy", "ram:ListPoliciesForUser", "Policies.Policy"),
            whole("Policies[]", "ram:GetPolicy", ""),
        ],
    )
    .with_inside(&[("AccessKeys[]", &ACCESS_KEY)]),
    asset(
        &["Role", "Policies"],
        ("Role", "RoleName"),
        "RoleName",
        &[
            whole("Role", "ram:GetRole", "Role"),
            list("Policies[].Policy", "ram:ListPoliciesForRole", "Policies.Policy"),
            whole("Policies[]", "ram:GetPolicy", ""),
        ],
    ),
    asset(
        &["Group.GroupName|Group.GroupId", "Policies"],
        ("Group", "GroupName"),
        "GroupName",
        &[
            member("Group", "ram:ListGroups", "Groups.Group"),
            list("Policies[].Policy", "ram:ListPoliciesForGroup", "Policies.Policy"),
            whole("Policies[]", "ram:GetPolicy", ""),
        ],
    ),
];
