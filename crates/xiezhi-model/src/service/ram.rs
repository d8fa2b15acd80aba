//! Resource Access Management (RAM): users, groups, roles, policies, providers, the password policy.
//!
//! Names are ids here: RAM makes user, group, role and custom policy names unique in an account. System policies are
//! known by their ARN, `acs:ram:*:system:policy/AdministratorAccess`.

use crate::record::{record, resource};
use crate::{Link, List, Text};

resource! {
    /// A RAM user.
    User = "ram.user", Global {
        /// The numeric id of the user, by which other services name it. Source: Ram ListUsers `UserId`.
        uid: Text,
        /// When the user was made (RFC 3339). Source: Ram ListUsers `CreateDate`, credential report `user_creation_time`.
        created: Text,
        /// Whether the user can log on to the console with a password. Source: Ram GetLoginProfile (its `Status`; `EntityNotExist.User.LoginProfile` is a no), credential report `password_exist` and `password_active`.
        console_login: bool,
        /// When the login profile was made (RFC 3339). Source: Ram GetLoginProfile `CreateDate`.
        login_profile_created: Text,
        /// When the user last logged on to the console (RFC 3339); absent when it never did. Source: Ram GetUser `LastLoginDate`, credential report `user_last_logon`.
        last_login: Text,
        /// Whether the login profile forces the user to bind and use MFA. Source: Ram GetLoginProfile `MFABindRequired`.
        mfa_required: bool,
        /// Whether an MFA device is bound. Source: Ram GetUserMFAInfo, credential report `mfa_active`.
        mfa_device: bool,
        /// The AccessKeys of the user. Source: Ram ListAccessKeys, credential report.
        access_keys: List<AccessKey>,
        /// The policies attached to the user itself, not through groups. Source: ResourceManager ListPolicyAttachments, Ram ListPoliciesForUser.
        policies: List<Grant>,
        /// The groups that the user is a member of. Source: Ram ListUsersForGroup, ListGroupsForUser.
        groups: List<Link<Group>>,
        /// Whether the user ends up with every action on every resource, directly or through groups, Deny and conditions taken into account.
        [derived] admin: bool,
        /// The products (RAM codes) of which the user is allowed every action on every resource, after Deny.
        [derived] administered_products: List<Text>,
        /// The destructive actions, of a named set, that the user may do on any resource.
        [derived] high_risk_actions: List<Text>,
        /// Whether everything that the user's AccessKeys may do is limited to named networks (`acs:SourceIp`, `acs:SourceVpc`).
        [derived] key_networks_restricted: bool,
        /// Whether the policies allow the user anything in a console session without MFA (no condition on `acs:MFAPresent` prevents it); no for a user without any right.
        [derived] acts_without_mfa: bool,
        /// Whether the user may do anything on any OSS resource.
        [derived] oss_access: bool,
        /// The steps by which the user can become administrator, shortest way; empty when there is none.
        [derived] escalations: List<Text>,
    }
}

record! {
    /// A long-lived AccessKey: its id and state, never its secret.
    AccessKey = "ram.user.access-key" {
        /// The AccessKey id. Unknown when the source counts keys without naming them.
        id: Text,
        /// Whether the key can be used. Source: Ram ListAccessKeys `Status`, credential report `access_key_1_active`.
        active: bool,
        /// When the key was made (RFC 3339). Source: Ram ListAccessKeys `CreateDate`, credential report `access_key_1_last_rotated`.
        created: Text,
        /// When the key was last used (RFC 3339); absent when never. Source: Ram GetAccessKeyLastUsed, credential report `access_key_1_last_used`.
        last_used: Text,
    }
}

record! {
    /// A policy attached to a user, group or role.
    Grant = "ram.grant" {
        /// The policy itself, by link.
        policy: Link<Policy>,
        /// The policy's name.
        name: Text,
        /// Who keeps the policy: `system` (Alibaba Cloud) or `custom` (the account).
        kind: Text,
        /// The resource group that the grant is limited to; absent when it holds for the whole account. Source: ResourceManager ListPolicyAttachments `ResourceGroupId` (the account id stands for the whole account).
        resource_group: Text,
    }
}

resource! {
    /// A long-lived credential of a RAM user for one cloud service alone (a Git or registry password): its id and state, never its secret.
    ServiceCredential = "ram.service-credential", Global {
        /// The user who holds it. Source: Ims ListServiceCredentials `UserPrincipalName`.
        user: Link<User>,
        /// The service that takes it, as the API writes it. Source: Ims ListServiceCredentials `ServiceName`.
        service: Text,
        /// Whether it can be used. Source: Ims ListServiceCredentials `Status`.
        active: bool,
        /// When it was made (RFC 3339). Source: Ims ListServiceCredentials `CreateTime`.
        created: Text,
        /// When it expires (RFC 3339); absent when never. Source: Ims ListServiceCredentials `ExpirationTime`.
        expires: Text,
    }
}

resource! {
    /// A RAM user group.
    Group = "ram.group", Global {
        /// The users in the group. Source: Ram ListUsersForGroup.
        members: List<Link<User>>,
        /// The policies attached to the group. Source: ResourceManager ListPolicyAttachments, Ram ListPoliciesForGroup.
        policies: List<Grant>,
    }
}

resource! {
    /// A RAM role.
    Role = "ram.role", Global {
        /// The ARN, `acs:ram::<account>:role/<name>`.
        arn: Text,
        /// When the role was made (RFC 3339).
        created: Text,
        /// The trust policy as JSON: who may assume the role. Source: Ram GetRole `AssumeRolePolicyDocument`.
        trust_policy: Text,
        /// The longest session, in seconds (3600 to 43200). Source: Ram GetRole `MaxSessionDuration`.
        max_session_seconds: i64,
        /// Whether the role belongs to a service that made it for itself (service-linked role); nobody can change those. Source: Ram GetRole `IsServiceLinkedRole`.
        service_linked: bool,
        /// The policies attached to the role. Source: ResourceManager ListPolicyAttachments, Ram ListPoliciesForRole.
        policies: List<Grant>,
        /// The principals of other accounts, or anyone, that the trust policy lets in.
        [derived] external_trust: List<Text>,
        /// Whether the trust policy lets RAM users, roles or accounts in (not only services or identity providers).
        [derived] trusts_people: bool,
        /// Whether the role ends up with every action on every resource.
        [derived] admin: bool,
        /// The products (RAM codes) of which the role is allowed every action on every resource, after Deny.
        [derived] administered_products: List<Text>,
        /// The steps by which whoever holds the role can become administrator, shortest way; empty when there is none.
        [derived] escalations: List<Text>,
    }
}

resource! {
    /// A RAM policy in its version in force.
    Policy = "ram.policy", Global {
        /// Who keeps it: `system` (Alibaba Cloud) or `custom` (the account).
        kind: Text,
        /// The default version's document as JSON. Source: Ram GetPolicy `DefaultPolicyVersion.PolicyDocument`, GetPolicyVersion.
        document: Text,
        /// The id of the default version, `v1`.
        default_version: Text,
        /// The versions, those in force and those that can be put in force again. Source: Ram ListPolicyVersions, GetPolicyVersion.
        versions: List<PolicyVersion>,
        /// How often the policy is attached; of code, 1 stands for once or more. Source: Ram ListPolicies `AttachmentCount`.
        attachments: i64,
        /// The statements of the document, as written.
        statements: List<Statement>,
    }
}

record! {
    /// A version of a policy.
    PolicyVersion = "ram.policy.version" {
        /// The id, `v2`.
        id: Text,
        /// Whether it is the version in force. Source: Ram ListPolicyVersions, GetPolicyVersion `IsDefaultVersion`.
        default: bool,
        /// The document as JSON; unknown when nobody asked for it. Source: Ram GetPolicyVersion `PolicyDocument`.
        document: Text,
    }
}

record! {
    /// One statement of a policy, as written: what it literally names, without reasoning.
    Statement = "ram.policy.statement" {
        /// `allow` or `deny`.
        effect: Text,
        /// The actions; empty when the statement says `NotAction`.
        actions: List<Text>,
        /// The actions of `NotAction`; empty when the statement says `Action`.
        not_actions: List<Text>,
        /// The resources.
        resources: List<Text>,
        /// Whether an action is `*` or `*:*`, all there are.
        all_actions: bool,
        /// Whether a resource is `*` or an ARN of wildcards alone, all there are.
        all_resources: bool,
        /// Whether a condition narrows the statement: no when there is no condition; unknown when there is one, since that takes reasoning.
        narrowed: bool,
    }
}

resource! {
    /// A grant of a policy to a principal, as ResourceManager lists them for the whole account.
    Attachment = "ram.policy-attachment", Global {
        /// The policy itself, by link.
        policy: Link<Policy>,
        /// Who it is granted to: `user`, `group` or `role`.
        principal_kind: Text,
        /// The name of the user, group or role.
        principal: Text,
        /// The resource group that the grant is limited to; absent when it holds for the whole account.
        resource_group: Text,
    }
}

resource! {
    /// The rules for the passwords of RAM users.
    PasswordPolicy = "ram.password-policy", Account {
        /// The shortest password, in characters. Source: Ims GetPasswordPolicy `MinimumPasswordLength`.
        min_length: i64,
        /// Whether a lowercase letter is asked for. Source: `RequireLowercaseCharacters`.
        lowercase_required: bool,
        /// Whether an uppercase letter is asked for. Source: `RequireUppercaseCharacters`.
        uppercase_required: bool,
        /// Whether a digit is asked for. Source: `RequireNumbers`.
        number_required: bool,
        /// Whether a symbol is asked for. Source: `RequireSymbols`.
        symbol_required: bool,
        /// After how many days a password expires; 0 means never. Source: `MaxPasswordAge`.
        max_age_days: i64,
        /// How many earlier passwords may not be used again; 0 means that all may. Source: `PasswordReusePrevention`.
        remembered: i64,
        /// After how many wrong passwords within an hour the logon is blocked; 0 means never. Source: `MaxLoginAttemps` (so spelt by the API).
        max_login_attempts: i64,
        /// Whether an expired password can no longer be changed by its user. Source: `HardExpire`.
        hard_expire: bool,
    }
}

resource! {
    /// An identity provider of another organisation, by SAML, that roles may trust.
    SamlProvider = "ram.saml-provider", Global {
        /// The ARN, `acs:ram::<account>:saml-provider/<name>`.
        arn: Text,
        /// When it was last changed (RFC 3339).
        updated: Text,
    }
}

resource! {
    /// An OIDC identity provider that roles may trust.
    OidcProvider = "ram.oidc-provider", Global {
        /// The ARN, `acs:ram::<account>:oidc-provider/<name>`.
        arn: Text,
        /// The issuer's address.
        issuer: Text,
        /// The client ids that tokens must be made for.
        client_ids: List<Text>,
    }
}
