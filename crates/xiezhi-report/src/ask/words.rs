//! Every sentence of the answers, in both languages.

use xiezhi_review::ask::Assumption;

use crate::words::{Phrase, phrases};

phrases! {
    YES: "yes", "是";
    NO: "no", "否";
    UNDECIDED: "undecided", "未决";
    LABEL: "Evidence label: {label}.", "证据标签：{label}。";
    PART: "{subject}: {verdict}", "{subject}：{verdict}";
    CAN: "Yes: {principal} can call {action} on {resource}, but not under every condition.", "是：{principal} 可以对 {resource} 调用 {action}，但并非在任何条件下。";
    CAN_ALWAYS: "Yes: {principal} can call {action} on {resource}, whatever the conditions.", "是：{principal} 可以对 {resource} 调用 {action}，不受任何条件限制。";
    CANNOT: "No: {principal} cannot call {action} on {resource}.", "否：{principal} 不能对 {resource} 调用 {action}。";
    CAN_OPEN: "Undecided: whether {principal} can call {action} on {resource}.", "未决：无法判定 {principal} 能否对 {resource} 调用 {action}。";
    IN_SESSION: "a session of {principal} under `{session}`", "{principal} 在会话策略 `{session}` 下的会话";
    WHO: "Yes: {yes} can call {action} on {resource}; {open} undecided.", "是：{yes} 个身份可以对 {resource} 调用 {action}；{open} 个未决。";
    NOBODY: "No: nobody in the account can call {action} on {resource}.", "否：账号内没有身份可以对 {resource} 调用 {action}。";
    WHO_OPEN: "Undecided: who can call {action} on {resource}; {open} undecided.", "未决：无法判定谁可以对 {resource} 调用 {action}；{open} 个未决。";
    WHAT: "{principal} can do the following.", "{principal} 可以执行以下操作。";
    NOTHING: "{principal} can do nothing.", "{principal} 没有任何权限。";
    WHAT_OPEN: "Undecided: what {principal} can do.", "未决：无法判定 {principal} 的权限。";
    ENFORCED: "Yes: {principal} can call {action} on {resource} only with {safeguard}.", "是：{principal} 仅在满足“{safeguard}”时才能对 {resource} 调用 {action}。";
    NOT_ENFORCED: "No: {principal} can call {action} on {resource} without {safeguard}.", "否：{principal} 不满足“{safeguard}”也可对 {resource} 调用 {action}。";
    ENFORCED_OPEN: "Undecided: whether {principal} can call {action} on {resource} without {safeguard}.", "未决：无法判定 {principal} 不满足“{safeguard}”时能否对 {resource} 调用 {action}。";
    ENFORCED_VOID: "Yes, for want of the right itself: {principal} cannot call {action} on {resource} at all.", "是，但因其本无此权限：{principal} 完全不能对 {resource} 调用 {action}。";
    ENFORCED_VOID_KEY: "Yes, for want of the right itself: {principal} cannot call {action} on {resource} with an AccessKey at all.", "是，但因其本无此权限：{principal} 完全不能以 AccessKey 对 {resource} 调用 {action}。";
    BY_MFA: "MFA", "多因素认证（MFA）";
    BY_CONSOLE_MFA: "MFA in the console", "控制台登录时的多因素认证（MFA）";
    BY_TLS: "TLS", "TLS 加密传输";
    BY_NETWORK: "an address in {network}", "来源地址属于 {network}";
    BY_ACCESS_KEY: "{safeguard} (calls signed with an AccessKey)", "{safeguard}（以 AccessKey 签名的调用）";
    GETS_BY: "gets by, for example: {request}", "可绕过的例子：{request}";
    EXTERNAL: "Yes: someone outside the account can use {resource}.", "是：账号之外有人可以使用 {resource}。";
    INTERNAL: "No: nobody outside the account can use {resource}.", "否：账号之外无人可以使用 {resource}。";
    EXTERNAL_OPEN: "Undecided: whether anyone outside the account can use {resource}.", "未决：无法判定账号之外是否有人可以使用 {resource}。";
    BEYOND: "Yes: someone can use {resource} from outside {network}.", "是：有人可以从 {network} 之外使用 {resource}。";
    NOT_BEYOND: "No: nobody can use {resource} from outside {network}.", "否：无人可以从 {network} 之外使用 {resource}。";
    BEYOND_OPEN: "Undecided: whether anyone can use {resource} from outside {network}.", "未决：无法判定是否有人可以从 {network} 之外使用 {resource}。";
    UP: "Yes: administrator, now or by a few steps: {yes}; undecided: {open}.", "是：{yes} 个主体是管理员或可以成为管理员；{open} 个未决。";
    NOBODY_UP: "No: nobody is or can become administrator.", "否：没有主体是或可以成为管理员。";
    UP_OPEN: "Undecided: who can become administrator; {open} undecided.", "未决：无法判定谁可以成为管理员；{open} 个未决。";
    ONE_UP: "Yes: {from} can become administrator.", "是：{from} 可以成为管理员。";
    IS_ADMIN: "Yes: {from} is administrator already.", "是：{from} 已经是管理员。";
    ONE_NOT_UP: "No: {from} cannot become administrator.", "否：{from} 不能成为管理员。";
    ONE_UP_OPEN: "Undecided: whether {from} can become administrator.", "未决：无法判定 {from} 能否成为管理员。";
    BLAST: "Yes: whoever holds {start} reaches more than {start}.", "是：掌握 {start} 的人可以触及 {start} 之外的范围。";
    NO_BLAST: "No: {start} leads nowhere else.", "否：{start} 不能通往其他任何地方。";
    BLAST_OPEN: "Undecided: what {start} leads to.", "未决：无法判定 {start} 能通往何处。";
    WIDER: "Yes: {new} grants something that {old} does not.", "是：{new} 授予了 {old} 没有授予的权限。";
    NOT_WIDER: "No: {new} grants nothing that {old} does not, and less.", "否：{new} 没有超出 {old} 的授权，且有所减少。";
    SAME: "No: {new} and {old} grant the same.", "否：{new} 与 {old} 的授权等价。";
    WIDER_OPEN: "Undecided: whether {new} grants something that {old} does not.", "未决：无法判定 {new} 是否超出 {old} 的授权。";
    SMALLER: "A policy that grants what was used of {policy} and, proven, nothing more than before:", "以下策略保留了 {policy} 中已使用的权限，且已证明不超出原有授权：";
    NOT_NEEDED: "{policy} grants nothing that was used: it is not needed for it and can be detached.", "{policy} 未授予任何已使用的权限：相关用途不需要该策略，可以解除授权。";
    NOT_SMALLER: "No: a smaller policy of {policy} could not be proven to grant the same uses and nothing more; none is given.", "否：无法证明缩减后的 {policy} 保留相同用途且不超出原有授权，故不给出。";
    SMALLER_OPEN: "Undecided: a smaller policy of {policy} could not be proven safe; none is given.", "未决：无法证明缩减后的 {policy} 是安全的，故不给出。";
    ODD: "Yes: {n} remark(s) on {policies} policies.", "是：{policies} 个策略共有 {n} 条备注。";
    PLAIN: "No: nothing is wrong or odd in {policies} policies.", "否：{policies} 个策略中没有错误或异常。";
    PLAIN_OPEN: "Undecided: nothing is wrong or odd in the {policies} policies that could be read.", "未决：可读取的 {policies} 个策略中没有错误或异常。";
    ODD_ONE: "Yes: {n} remark(s) on {policy}.", "是：{policy} 有 {n} 条备注。";
    PLAIN_ONE: "No: nothing is wrong or odd in {policy}.", "否：{policy} 没有错误或异常。";
    OF_POLICY: "policy `{policy}`:", "策略 `{policy}`：";
    OF_POLICY_IN: "policy `{policy}` ({source}):", "策略 `{policy}`（{source}）：";
    REMARK: "line {line}, column {column}: {message}{word}", "第 {line} 行第 {column} 列：{message}{word}";
    BETTER: "did you mean `{better}`?", "是否应为 `{better}`？";
    ANYONE: "anyone, named or not", "任何人";
    OUTSIDE_ACCOUNT: "someone of another account", "其他账号的主体";
    OUTSIDE_ORGANISATION: "someone outside the organisation", "资源目录之外的主体";
    OUTSIDE_ACCOUNT_AND_NETWORK: "someone outside the account, from outside the network", "账号之外的主体，从该网络之外";
    OWN_OUTSIDE_NETWORK: "someone of the account to whom RAM allows everything, from outside the network", "账号内拥有全部 RAM 权限的主体，从该网络之外";
    OUTSIDE: "someone outside the account", "账号之外的人";
    ADMINISTRATOR: "administrator", "管理员";
    UNSEEN: "something that was not collected", "未采集的对象";
    ADDED: "granted by the new policy only", "仅新策略授予";
    REMOVED: "granted by the old policy only", "仅旧策略授予";
    ALLOWS: "policy `{policy}`, statement {n} (line {line}, column {column}) allows it", "策略 `{policy}` 第 {n} 条语句（第 {line} 行第 {column} 列）允许";
    DENIES: "policy `{policy}`, statement {n} (line {line}, column {column}) denies it", "策略 `{policy}` 第 {n} 条语句（第 {line} 行第 {column} 列）拒绝";
    UNREADABLE: "policy `{policy}`, statement {n} (line {line}, column {column}) cannot be read", "策略 `{policy}` 第 {n} 条语句（第 {line} 行第 {column} 列）无法解读";
    NOTHING_GRANTS: "no statement grants it", "没有语句授予";
    WITNESS: "proof: {request}", "证明请求：{request}";
    PERHAPS: "the request in question: {request}", "存疑的请求：{request}";
    DENIED: "refused, for example: {request}", "被拒绝的例子：{request}";
    PLACES: "Where these policies stand:", "这些策略的出处：";
    PLACE: "`{policy}`: {place}", "`{policy}`：{place}";
    CONDITIONS: "conditions of the granting statements: {list}", "授权语句的条件：{list}";
    ONLY_GROUP: "only for resources in the resource group `{group}`", "仅限资源组 `{group}` 内的资源";
    TWIN: "granted under the other spelling `{twin}` only", "仅以另一写法 `{twin}` 授予";
    DEPENDS: "depends on {switch}: {meaning}", "取决于 {switch}：{meaning}";
    MISSING: "not known:", "未知：";
    NOT_ALL_SEEN: "There may be more than was seen:", "可能还有未看到的对象：";
    ASSUMED: "Taken for granted:", "前提：";
    STEP: "{n}. {from} → {to}: {title}{id}", "{n}. {from} → {to}：{title}{id}";
    STEP_IS: "has the rights of an administrator", "拥有管理员权限";
    STEP_CARRIES: "the host carries the role", "主机携带该角色";
    LEVEL_LIST: "list", "列举";
    LEVEL_READ: "read", "读取";
    LEVEL_UNKNOWN: "of unknown level", "级别未知";
    LEVEL_WRITE: "write", "写入";
    LEVEL_PERMISSIONS: "permissions", "权限管理";
    SURELY: "Actions by service and level:", "按服务和级别统计的操作：";
    PERHAPS_RIGHTS: "Actions that the evidence leaves open:", "证据未能判定的操作：";
    FUTURE: "Actions that do not exist yet are granted too.", "未来新增的操作也会被授予。";
    POWERFUL: "Among them, those that change rights or return a credential:", "其中可更改权限或返回凭证的操作：";
    REACHED: "Reached:", "可触及：";
    PERHAPS_REACHED: "Reached if what is missing allows it:", "若缺失的证据允许则可触及：";
    POWERS: "Powers on the way:", "沿途获得的能力：";
    MAYBE_MARK: " (undecided)", "（未决）";
    MORE: "and {n} more (`--format json` lists them)", "另有 {n} 项（`--format json` 列出全部）";
    PUBLIC: "It counts as public: strangers get in from most of the internet.", "属于公开访问：陌生人可从互联网大部分地址访问。";
    NOT_PUBLIC: "It does not count as public.", "不属于公开访问。";
    PUBLIC_OPEN: "Whether it counts as public is undecided.", "是否属于公开访问未决。";
    ADDRESSES: "IPv4 addresses from which anyone gets in: {n}.", "任何人可访问的 IPv4 地址数：{n}。";
    USED: "{n} used actions were counted.", "共统计 {n} 个已使用的操作。";
    NOT_GRANTED: "used but not granted by this policy: {action}", "已使用但该策略未授予：{action}";
    UNUSED: "statement {n}, granted and not used: {list}", "第 {n} 条语句，已授予但未使用：{list}";
    NO_CONTROL: "no control policy of a resource directory limits the account: the evidence holds none", "没有资源目录管控策略限制该账号：证据中没有";
    NO_RESOURCE: "policies of single buckets, keys, secrets, log projects and Tablestore instances are not counted", "未计入单个存储空间、密钥、凭据、日志项目和表格存储实例自身的策略";
    IN_GROUP: "rights inside resource groups hold there only", "资源组内的授权仅在该组内有效";
    ONE_CHECK: "a call may check further actions or resources (dependent actions), which are not known here", "一次调用可能还会检查其他操作或资源（依赖操作），此处未知";
    DOCUMENTED_CHECKS: "the call makes the checks that documentation names, and no others", "该调用只进行文档列出的检查";
    CHECKS: "One call makes these checks, and all that count must pass:", "一次调用会进行以下检查，计入的检查必须全部通过：";
    CHECK: "{action} on {resource}", "对 {resource} 的 {action}";
    CHECK_SAID: "{check}: {verdict}", "{check}：{verdict}";
    CHECK_UNSURE: "{check} (documentation does not say plainly that every call makes it)", "{check}（文档未明确每次调用都会检查）";
    CHECK_GIVEN: "{check} (only when `{parameter}` is given; not counted)", "{check}（仅在请求带有 `{parameter}` 时；未计入）";
    VOUCHED: "whom an identity provider of the account vouches for is not counted as outside", "由该账号的身份提供商担保的身份不视为账号之外";
    WORKLOADS: "any workload that an OIDC identity provider vouches for: the trust does not fix `oidc:sub`", "OIDC 身份提供商担保的任何工作负载：信任策略未限定 `oidc:sub`";
    BY_REFERENCE: "the configuration means its own account without its id; accounts that it names by id are other accounts", "配置以引用表示自身账号；以 ID 写明的账号均视为其他账号";
    DERIVED: "a step was reasoned from documentation and not executed", "有一个步骤由文档推导得出，未经实际执行";
}

/// What is taken for granted, in words.
pub(super) fn assumption(assumption: Assumption) -> &'static Phrase {
    match assumption {
        Assumption::NoControlPolicy => &NO_CONTROL,
        Assumption::NoResourcePolicy => &NO_RESOURCE,
        Assumption::InResourceGroup => &IN_GROUP,
        Assumption::OneCheck => &ONE_CHECK,
        Assumption::DocumentedChecks => &DOCUMENTED_CHECKS,
        Assumption::DerivedPattern => &DERIVED,
        Assumption::ProvidersVouch => &VOUCHED,
        Assumption::OwnAccountByReference => &BY_REFERENCE,
    }
}
