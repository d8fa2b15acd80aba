//! The words of answers about network, web protection, encryption and audit.

use crate::words::{Phrase, phrases};

phrases! {
    YES: "yes", "是";
    NO: "no", "否";
    UNDECIDED: "cannot tell", "无法判定";
    LABEL: "Evidence: {label}", "证据类型：{label}";
    REACHED: "Yes: the internet reaches {target}.", "是：互联网可到达 {target}。";
    NOT_REACHED: "No: the internet does not reach {target}.", "否：互联网无法到达 {target}。";
    REACH_OPEN: "Cannot tell whether the internet reaches {target}.", "无法判定互联网能否到达 {target}。";
    REACHED_ON: "Yes: the internet reaches port {port} of {target}.", "是：互联网可到达 {target} 的 {port} 端口。";
    NOT_REACHED_ON: "No: the internet does not reach port {port} of {target}.", "否：互联网无法到达 {target} 的 {port} 端口。";
    REACH_ON_OPEN: "Cannot tell whether the internet reaches port {port} of {target}.", "无法判定互联网能否到达 {target} 的 {port} 端口。";
    INSIDE: "Yes: packets from {from} reach {target} inside the network.", "是：来自 {from} 的数据包可在内网到达 {target}。";
    NOT_INSIDE: "No: no packet from {from} reaches {target} inside the network.", "否：来自 {from} 的数据包在内网无法到达 {target}。";
    INSIDE_OPEN: "Cannot tell whether packets from {from} reach {target} inside the network.", "无法判定来自 {from} 的数据包能否在内网到达 {target}。";
    INSIDE_ON: "Yes: packets from {from} reach port {port} of {target} inside the network.", "是：来自 {from} 的数据包可在内网到达 {target} 的 {port} 端口。";
    NOT_INSIDE_ON: "No: no packet from {from} reaches port {port} of {target} inside the network.", "否：来自 {from} 的数据包在内网无法到达 {target} 的 {port} 端口。";
    INSIDE_ON_OPEN: "Cannot tell whether packets from {from} reach port {port} of {target} inside the network.", "无法判定来自 {from} 的数据包能否在内网到达 {target} 的 {port} 端口。";
    LEAVES: "Ways out to the internet that are proven: {yes}; that stay open: {open}.", "已证实的互联网出口：{yes} 处；无法判定：{open} 处。";
    NOTHING_LEAVES: "Nothing that was asked about may leave for the internet.", "所问范围内，没有流量可流向互联网。";
    LEAVES_OPEN: "Nothing is proven to leave for the internet, and not everything was told. Ways out that stay open: {open}.", "没有已证实的互联网出口，但无法全部判定。无法判定的出口：{open} 处。";
    OUT: "Yes: packets from {from} may leave for {target}.", "是：来自 {from} 的数据包可流向{target}。";
    NOT_OUT: "No: no packet from {from} may leave for {target}.", "否：来自 {from} 的数据包无法流向{target}。";
    OUT_OPEN: "Cannot tell whether packets from {from} may leave for {target}.", "无法判定来自 {from} 的数据包能否流向{target}。";
    OUT_ON: "Yes: packets from {from} may leave for port {port} of {target}.", "是：来自 {from} 的数据包可流向{target}的 {port} 端口。";
    NOT_OUT_ON: "No: no packet from {from} may leave for port {port} of {target}.", "否：来自 {from} 的数据包无法流向{target}的 {port} 端口。";
    OUT_ON_OPEN: "Cannot tell whether packets from {from} may leave for port {port} of {target}.", "无法判定来自 {from} 的数据包能否流向{target}的 {port} 端口。";
    THE_INTERNET: "the internet", "互联网";
    OF_THE_INTERNET: "{range} on the internet", "互联网上的 {range} ";
    SNAT: "SNAT of", "SNAT";
    ROUTES: "routes of", "路由表";
    NEXT_HOP: "next hop", "下一跳";
    ALL_BUT: "the whole internet except {ranges}", "整个互联网，{ranges} 除外";
    SEEN_AS: "seen outside as", "公网侧地址";
    ALSO_FROM: "also from", "同样来自";
    SEPARATED: "The address plan keeps public, private and inner vSwitches apart, and no joined VPCs overlap.", "地址规划将公网、私有与内部交换机分开，互联的 VPC 网段也不重叠。";
    NOT_SEPARATED: "The address plan does not keep everything apart. vSwitches or pairs of VPCs that are not: {no}.", "地址规划未能完全分开：有 {no} 个交换机或成对 VPC。";
    SEPARATED_OPEN: "Cannot tell whether the address plan keeps everything apart. vSwitches or pairs of VPCs that stay open: {open}.", "无法判定地址规划是否完全分开。无法判定的交换机或成对 VPC：{open} 处。";
    EXPOSED: "Ways in from the internet that are proven: {yes}; that stay open: {open}.", "已证实的互联网入口：{yes} 处；无法判定：{open} 处。";
    NOT_EXPOSED: "The internet reaches nothing that was asked about.", "所问范围内，互联网无法到达任何目标。";
    EXPOSED_OPEN: "Nothing is proven to be reached, and not everything was told. Targets that stay open: {open}.", "没有已证实可到达的目标，但无法全部判定。无法判定的目标：{open} 处。";
    CLOSED: "{target} can be closed. Plans, each proven by running again: {yes}. Read what else a plan cuts before you choose.", "{target} 可以关闭：共 {yes} 个方案，均已重新推演证明。选择前请先看每个方案的连带影响。";
    EXPOSED_FROM: "Ways in from {from} that are proven: {yes}; that stay open: {open}.", "来自 {from} 的入口：已证实 {yes} 处；无法判定 {open} 处。";
    NOT_EXPOSED_FROM: "Nothing that was asked about is reached from {from}.", "所问范围内，来自 {from} 的数据包无法到达任何目标。";
    PREMISES: "premises", "外部网络（VPN、专线之后）";
    EXPOSED_FROM_OPEN: "Nothing is proven to be reached from {from}, and not everything was told. Targets that stay open: {open}.", "没有已证实可从 {from} 到达的目标，但无法全部判定。无法判定的目标：{open} 处。";
    NOTHING_TO_CLOSE: "Nothing to close: the internet does not reach {target}.", "无需关闭：互联网无法到达 {target}。";
    CLOSE_OPEN: "No proven plan for all of what the internet reaches or may reach at {target}.", "对于互联网可到达或可能到达的 {target}，没有能全部证明的方案。";
    CHANGED: "What the internet reaches changed. Targets with a change: {yes}.", "互联网可到达的范围有变化。发生变化的目标：{yes} 处。";
    UNCHANGED: "What the internet reaches did not change.", "互联网可到达的范围没有变化。";
    CHANGED_OPEN: "Cannot tell whether what the internet reaches changed: evidence is missing.", "无法判定互联网可到达的范围是否变化：证据不足。";
    GUARDED: "Every web application that the internet reaches has a WAF that blocks before it, and no way around it was found.", "互联网可到达的每个 Web 应用前都有处于拦截状态的 WAF，且未发现绕过途径。";
    UNGUARDED: "Web applications or guards with no WAF that blocks, or with a way around it: {no}.", "前面没有处于拦截状态的 WAF，或可被绕过的 Web 应用或防护：{no} 个。";
    GUARDED_OPEN: "Cannot tell whether WAF stands before every web application. Those that stay open: {open}.", "无法判定每个 Web 应用前是否都有 WAF。无法判定：{open} 处。";
    ENCRYPTED: "Every store is encrypted under a key that can be used, and every listener refuses TLS below 1.2.", "每个数据存储都已加密且密钥可用，所有监听均拒绝低于 1.2 的 TLS。";
    NOT_ENCRYPTED: "Stores or kinds of listeners that are not encrypted, use a key that cannot be used, or accept TLS below 1.2: {no}.", "未加密、密钥不可用，或接受低于 1.2 的 TLS 的数据存储或监听类型：{no} 个。";
    ENCRYPTED_OPEN: "Cannot tell whether every store and listener is encrypted. Those that stay open: {open}.", "无法判定每个数据存储和监听是否都已加密。无法判定：{open} 处。";
    AUDITED: "The management events of every region are kept, and every log that was looked at is on and kept for six months.", "所有地域的管控事件都有留存，已查看的各类日志均已开启并保存六个月以上。";
    NOT_AUDITED: "Parts of the record with events or logs that are not kept, not protected, or kept too short: {no}.", "事件或日志未留存、保存位置未受保护，或保存时间不足的审计记录：{no} 处。";
    AUDITED_OPEN: "Cannot tell whether everything is recorded and kept. Parts that stay open: {open}.", "无法判定审计记录是否完整。无法判定：{open} 处。";
    UNSEEN: "Not looked at, and it could add more:", "以下内容未查看，可能还有更多结果：";
    BECAUSE: "Open because of:", "无法判定的原因：";
    MORE: "and {count} more", "另有 {count} 项";
    ASSUMED: "Rests on open rules of the platform:", "结论依赖以下尚无定论的平台规则：";
    READINGS: "{code}: {one}; or {other}", "{code}：{one}；或 {other}";
    PACKET: "witness: {packet}", "见证数据包：{packet}";
    INTERNET: "internet", "互联网";
    ARRIVES: "{subject} answers", "{subject} 应答";
    ARRIVES_UNGUARDED: "the application answers without passing {subject}", "应用直接应答，未经过 {subject}";
    PASSES: "passes", "放行";
    STOPS: "stops here", "在此被拦";
    MAY_PASS: "may pass", "可能放行";
    BY_RULE: "by {rule} ({law})", "依据 {rule}（{law}）";
    BY_LAW: "({law})", "（{law}）";
    FACT: "{name}: {value}", "{name}：{value}";
    NOT_YET_ASSIGNED: "(not yet assigned)", "（尚未分配）";
    PUBLIC_ENDPOINT: "(public endpoint)", "（公网连接地址）";
    PRIVATE_ENDPOINT: "(private endpoint)", "（内网连接地址）";
    EIP: "EIP", "EIP";
    OWN_ADDRESS: "its own public address", "自有公网地址";
    IPV6_ADDRESS: "its IPv6 address", "自有 IPv6 地址";
    DNAT: "DNAT", "DNAT";
    LISTENER: "listener", "监听";
    LISTENS_ON: "has listeners on", "已有监听";
    ENDPOINT: "endpoint", "连接地址";
    WHOLE_INTERNET: "the whole internet", "整个互联网";
    WAF_CNAME: "WAF (CNAME)", "WAF（CNAME）";
    WAF_NATIVE: "WAF (in the product)", "WAF（云产品内置）";
    WAF_TRANSPARENT: "WAF (redirected ports)", "WAF（端口引流）";
    CDN: "CDN", "CDN";
    ANTI_DDOS: "Anti-DDoS proxy", "DDoS 高防";
    ADDRESS: "address", "地址";
    THROUGH: "through", "经由";
    PORTS: "ports", "端口";
    SOURCES: "sources", "来源";
    LOCKED: "locked at present", "当前被锁定";
    EDIT: "edit", "改动";
    DECLARED_AT: "declared at", "声明于";
    ALSO_CUT: "also cut from the internet", "连带中断（互联网）";
    CUT_INSIDE: "also cut inside", "连带中断（内网）";
    GAINED: "newly reached", "新增可达";
    LOST: "no longer reached", "不再可达";
    CAUSES: "changed objects", "变更对象";
    GUARD: "guard", "防护";
    APPLICATION: "application", "应用";
    FUNCTION: "function with an HTTP trigger", "HTTP 触发的函数";
    API_GATEWAY: "API gateway", "API 网关";
    BUCKET: "bucket that anyone reads", "可公开读取的存储空间";
    GATEWAY: "gateway", "网关";
    GUARDED_PORTS: "ports that go through it", "经其引流的端口";
    ENFORCING: "blocks", "拦截中";
    OBSERVING: "only observes", "仅观察";
    NO_RULE: "no rule is on", "未启用任何规则";
    NOT_IN_SERVICE: "paused, expired or off", "已暂停、到期或关闭";
    NOT_ENFORCING: "does not block", "不拦截";
    ENFORCING_UNKNOWN: "whether it blocks is not known", "是否拦截未知";
    IN_SERVICE: "in service", "服务中";
    DDOS: "Anti-DDoS", "DDoS 防护";
    BLACK_HOLE: "black hole begins at (Mbit/s)", "黑洞触发阈值（Mbit/s）";
    IN_BLACK_HOLE: "in the black hole when the evidence was taken", "取证时处于黑洞状态";
    LIST_OF: "the list of {what}", "{what} 列表";
    STATE_OF_WAF: "whether WAF runs, for {what}", "WAF 是否在运行：{what}";
    STATE_OF_DDOS: "whether Anti-DDoS Proxy runs, for {what}", "DDoS 高防是否在运行：{what}";
    LEADS_TO: "which load balancer leads to {what}", "哪个负载均衡通往 {what}";
    CALLS_OF: "what calls {what}", "{what} 的触发方式";
    RULES_OF: "rules of {what}", "规则：{what}";
    DNS_OF: "where DNS leads for {what}", "DNS 指向：{what}";
    REDIRECTED_OF: "redirected ports of {what}", "引流端口：{what}";
    RANGES_OF: "source ranges of {what}", "回源地址段：{what}";
    ORIGINS_OF: "origins of {what}", "源站：{what}";
    ADDRESS_OF: "the address of origin {what}", "源站地址：{what}";
    READERS_OF: "who reads {what}", "谁可读取：{what}";
    ESA_RULES_OF: "what the rules of ESA's WAF do, for {what}", "ESA 自带 WAF 的规则：{what}";
    CLUSTER_RANGES_OF: "the addresses of the WAF cluster that serves {what}", "承载防护的 WAF 集群地址：{what}";
    INTERFACES_OF: "the network interfaces of {what}", "{what} 的网卡";
    BALANCERS_OF: "the load balancers of {what}", "{what} 的负载均衡";
    BEHIND: "what stands behind {what}", "{what} 背后的服务";
    WHICH_BALANCER: "which load balancer serves {what}", "由哪个负载均衡服务：{what}";
    CLIENT_SEEN: "the client address that arrives behind {what}", "{what} 之后所见的客户端地址";
    DEFAULT_DOMAIN_OF: "default domain of {what}", "默认域名：{what}";
    GUARDED_BY: "{kind} {ids}: {state}", "{kind} {ids}：{state}";
    CUT: "{ports} at {whom} through {way}", "{whom} 的 {ports}，经由 {way}";
    FROM_SOURCES: "{ports} from {sources}", "{ports}（来源：{sources}）";
    ENDPOINT_POLICY: "endpoint policy", "终端节点策略";
    BY_REQUEST: "decides on requests, by who asks and for what: packets arrive, and it may refuse what they ask", "按请求者和请求内容判定：数据包可到达，请求仍可能被拒绝";
    POLICY_UNKNOWN: "not known: packets arrive, and one may refuse what they ask", "未知：数据包可到达，请求可能因策略被拒绝";
    GAP: "{what} ({why})", "{what}（{why}）";
    NUMBERED: "{group} rule {number}", "{group} 第 {number} 条规则";
    NUMBERED_ROUTE: "{group} route {number}", "{group} 的路由 {number}";
    NUMBERED_POLICY: "{group} policy {number}", "{group} 的策略路由 {number}";
    ENDPOINT_OF: "{service} ({name})", "{service}（{name}）";
    SETTLED: "to settle it: {calls}", "查明方法：{calls}";
    SCRUBBING: "scrubbing begins at (Mbit/s)", "清洗触发阈值（Mbit/s）";
    BYPASS: "way around", "绕过途径";
    CONCERNS: "concerns", "涉及";
    RESIDUAL: "stays open all the same", "仍存在的风险";
    OUTAGE: "its requests are refused", "其请求被拒绝";
    AT_REST: "key holder at rest", "静态加密密钥持有方";
    CIPHER: "cipher", "算法";
    KEY_USABLE: "key can be used", "密钥可用";
    IN_TRANSIT: "TLS", "传输加密";
    MAY_DECRYPT: "may decrypt", "可解密者";
    KEY_MATERIAL_EXPIRES: "key material expires", "密钥材料到期时间";
    NOT_KEPT: "not kept", "未留存";
    KEPT_DAYS: "kept for days", "保留天数";
    DATA_NOT_KEPT: "object reads and writes are not kept", "未保存的对象读写（数据事件）";
    HOLDS_FOR: "holds for", "适用于";
    NEW_OBJECTS: "objects written since the rule; older ones are not looked at", "规则生效后写入的对象；更早的对象未查看";
    TLS_FLOOR: "oldest TLS that is accepted", "接受的最低 TLS 版本";
    TLS_FROM: "TLS 1.2 or later for", "仅接受 TLS 1.2 及以上";
    TLS_BELOW: "TLS below 1.2 for", "接受低于 1.2 的 TLS";
    IN_THE_CLEAR: "in the clear for", "明文传输";
    WEAK_CIPHER: "weak cipher (DES) for", "弱加密算法（DES）";
    AT_RISK: "kept, and can be lost or altered", "已留存，但可能丢失或被篡改";
    LOG: "log", "日志";
    ACCESS_LOG: "access log", "访问日志";
    LOG_SERVICE: "log service", "日志服务";
    FLOW_LOG: "flow log", "流日志";
    SQL_AUDIT: "SQL audit", "SQL 审计";
    AUDIT_LOG: "audit log", "审计日志";
    RECORDER: "record of configurations", "配置记录";
    SECURITY_AGENT: "agent of Security Center", "云安全中心 Agent";
    RECORDED: "on for", "已开启数量";
    NOT_RECORDED: "off for", "未开启";
    KEPT_TOO_SHORT: "kept for less than six months", "保存不足六个月";
    EDITION: "edition", "版本";
    SCANS_OFF: "vulnerability scans that are off", "未开启的漏洞扫描";
    NOTICES_OFF: "notifications that are off", "未开启的通知";
    OPEN_ALERTS: "alerts that nobody handled", "未处理的告警";
    GRAVE_ALERTS: "urgent alerts among them", "其中的紧急告警";
    BASELINE_CHECKS: "baseline check policies", "基线检查策略";
    VULNERABILITY_SCANS: "vulnerability scans", "漏洞扫描";
    NOTICES: "notifications", "通知";
    INSIGHTS: "insight events", "Insight 事件";
    NONE: "none", "无";
    PROVIDER_KEY: "the product's own key", "产品自有密钥";
    SERVICE_KEY: "service key", "服务密钥";
    DEFAULT_KEY: "default key of KMS", "KMS 默认密钥";
    CUSTOMER_KEY: "customer key", "用户主密钥";
    HSM_KEY: "customer key in HSM", "HSM 中的用户主密钥";
    OFF: "off", "关闭";
    ON: "on", "已开启";
    OFFERED: "offered, not enforced", "可用，但未强制";
    ENFORCED: "enforced", "强制";
    UNKNOWN: "unknown", "未知";
    FROM: "from", "起点";
    CONNECTION: "connection", "连接";
    DOWN: "down", "未建立或未启用";
    INTERFACES: "interfaces", "网卡";
    DESTINATIONS: "destinations", "目的地址";
    VPC: "VPC", "VPC";
    CIDR: "addresses", "网段";
    TIER: "tier", "层级";
    PUBLISHED: "with a public address", "有公网地址";
    UNPUBLISHED: "without a public address", "没有公网地址";
    STORES: "data stores", "数据存储";
    WAY_OUT: "route to the internet", "通往互联网的路由";
    OVERLAP: "in both", "重叠网段";
    JOINED: "joined", "已互联";
    PUBLIC: "public (something in it has a public address)", "公网（其中有资源具有公网地址）";
    SERVICE_PUBLIC: "public", "公网";
    SERVICE_PRIVATE: "private", "内网";
    PRIVATE: "private (no public address, but a route to the internet)", "私有（没有公网地址，但有通往互联网的路由）";
    INTRA: "intra (neither a public address nor a route to the internet)", "内部（既无公网地址，也无通往互联网的路由）";
    RELAY: "a load balancer that hands packets on; who reaches it inside is not followed", "负载均衡会转发流量；内网中谁能访问它未作推演";
    SCALED: "the instances that this scaling group or node pool makes are in no evidence", "该伸缩组或节点池创建的实例不在证据中";
    TRANSLATION: "an address that is translated to the target or may be held by it; who reaches it inside is not followed", "该地址会转换到目标或可能由目标持有；内网中谁能访问它未作推演";
    BASIC: "free basic protection only", "仅免费基础防护";
    DDOS_ORIGIN: "Anti-DDoS Origin", "DDoS 原生防护";
    DDOS_ENHANCED: "enhanced protection of the EIP", "EIP 增强防护";
    DDOS_PLATFORM: "basic protection of the platform's own addresses", "平台自有地址的基础防护";
    FLOOD: "under a flood", "遭遇大流量攻击时";
    BLACK_HOLE_FLOOD: "all traffic to the address is dropped once the free threshold is passed", "超过免费防护阈值后，该地址的全部流量被丢弃（黑洞）";
    BLACK_HOLE_FROM: "all traffic to the address is dropped above {mbps} Mbit/s", "超过 {mbps} Mbit/s 后，该地址的全部流量被丢弃（黑洞）";
    ORIGIN_KNOWN: "scrubbed at the proxy; who knows the origin's address can still flood it directly", "流量在高防侧清洗；知道源站地址的攻击者仍可直接攻击源站";
    BEYOND_PLAN: "scrubbed where it is; beyond what the plan covers the address is given up", "在原地址清洗；超出套餐防护能力后该地址会被黑洞";
    TRUE: "yes", "是";
    FALSE: "no", "否";
    NOT_COLLECTED: "not collected", "未采集";
    NOT_IN_EVIDENCE: "this kind of evidence cannot say it", "这类证据无法说明";
    NOT_ASKED: "not asked", "未查询";
    REFUSED: "the call was refused", "调用被拒绝";
    THROTTLED: "throttled", "被限流";
    REDACTED: "masked", "已脱敏";
    UNRESOLVED: "not resolved", "无法求值";
    UNREADABLE: "not whole in the evidence", "证据不完整或无法读取";
    NOT_UNDERSTOOD: "not understood by this program", "本程序未能理解";
    DISAGREE: "sources disagree", "证据互相矛盾";
    ASSUMPTION: "open rule of the platform", "尚无定论的平台规则";
}

const CASES: [Phrase; 17] = [
    Phrase {
        en: "the origin's security group admits more than the guard", zh: "源站安全组放行了防护以外的来源"
    },
    Phrase {
        en: "the origin's listener has no access control, or an empty list",
        zh: "源站监听未启用访问控制或列表为空",
    },
    Phrase { en: "the groups of the load balancer only allow", zh: "负载均衡的安全组只有允许规则" },
    Phrase { en: "another public address leads to the same server", zh: "另一个公网地址通往同一服务器" },
    Phrase { en: "a DNAT entry leads to the same port", zh: "DNAT 条目通往同一端口" },
    Phrase { en: "a public IPv6 address leads to the same server", zh: "公网 IPv6 地址通往同一服务器" },
    Phrase { en: "a port that is not redirected to the guard", zh: "端口未引流到防护" },
    Phrase {
        en: "another listener or load balancer before the same servers", zh: "同一后端还有其他监听或负载均衡"
    },
    Phrase { en: "DNS does not point at the guard", zh: "DNS 未指向防护" },
    Phrase { en: "the guard is paused or expired", zh: "防护已暂停或到期" },
    Phrase { en: "no rule of the guard blocks", zh: "防护没有处于拦截状态的规则" },
    Phrase { en: "another name on the same origin has no guard", zh: "同一源站的其他域名没有防护" },
    Phrase {
        en: "the origin's list differs from the guard's addresses", zh: "源站放行列表与防护回源地址不一致"
    },
    Phrase { en: "the guard's addresses are shared with other tenants", zh: "防护回源地址与其他租户共用" },
    Phrase { en: "a later guard of the chain takes anyone", zh: "防护链中后一环接受任意来源" },
    Phrase {
        en: "Anti-DDoS covers the load balancer but not its servers", zh: "DDoS 防护覆盖负载均衡但未覆盖其后端"
    },
    Phrase { en: "the provider's default domain answers too", zh: "平台默认域名仍可访问" },
];

/// Pieces of missing evidence, by the first words under which analyses keep them, with the phrase for the rest.
const MISSING: [(&str, &Phrase); 20] = [
    ("the list of ", &LIST_OF),
    ("state of WAF for ", &STATE_OF_WAF),
    ("state of Anti-DDoS Proxy for ", &STATE_OF_DDOS),
    ("rules of ESA's WAF for ", &ESA_RULES_OF),
    ("rules of ", &RULES_OF),
    ("what leads to ", &LEADS_TO),
    ("what calls ", &CALLS_OF),
    ("DNS status of ", &DNS_OF),
    ("redirected ports of ", &REDIRECTED_OF),
    ("source ranges of the cluster of ", &CLUSTER_RANGES_OF),
    ("source ranges of ", &RANGES_OF),
    ("interfaces of ", &INTERFACES_OF),
    ("load balancers of ", &BALANCERS_OF),
    ("what stands behind ", &BEHIND),
    ("which load balancer serves ", &WHICH_BALANCER),
    ("the client address behind ", &CLIENT_SEEN),
    ("origins of ", &ORIGINS_OF),
    ("the address of origin ", &ADDRESS_OF),
    ("who reads ", &READERS_OF),
    ("default domain of ", &DEFAULT_DOMAIN_OF),
];

/// The phrase for a piece of missing evidence, and what it concerns.
pub fn missing(what: &str) -> Option<(&'static Phrase, &str)> {
    MISSING.iter().find_map(|(start, phrase)| Some((*phrase, what.strip_prefix(start)?)))
}

/// A case of the catalogue of bypasses, network semantics §6.2.
pub fn bypass(number: usize) -> Option<&'static Phrase> {
    CASES.get(number.checked_sub(1)?)
}

/// The name of a fact.
pub fn fact(name: &str) -> Option<&'static Phrase> {
    Some(match name {
        "address" => &ADDRESS,
        "through" => &THROUGH,
        "ports" => &PORTS,
        "listens-on" => &LISTENS_ON,
        "sources" => &SOURCES,
        "locked" => &LOCKED,
        "edit" => &EDIT,
        "declared-at" => &DECLARED_AT,
        "also-cut" => &ALSO_CUT,
        "cut-inside" => &CUT_INSIDE,
        "gained" => &GAINED,
        "lost" => &LOST,
        "causes" => &CAUSES,
        "application" => &APPLICATION,
        "guarded-ports" => &GUARDED_PORTS,
        "black-hole-mbps" => &BLACK_HOLE,
        "in-black-hole" => &IN_BLACK_HOLE,
        "guard" => &GUARD,
        "ddos" => &DDOS,
        "flood" => &FLOOD,
        "scrubbing-mbps" => &SCRUBBING,
        "bypass" => &BYPASS,
        "concerns" => &CONCERNS,
        "residual" => &RESIDUAL,
        "outage" => &OUTAGE,
        "at-rest" => &AT_REST,
        "cipher" => &CIPHER,
        "key-usable" => &KEY_USABLE,
        "in-transit" => &IN_TRANSIT,
        "may-decrypt" => &MAY_DECRYPT,
        "key-material-expires" => &KEY_MATERIAL_EXPIRES,
        "not-kept" => &NOT_KEPT,
        "kept-days" => &KEPT_DAYS,
        "data-not-kept" => &DATA_NOT_KEPT,
        "insights" => &INSIGHTS,
        "holds-for" => &HOLDS_FOR,
        "tls-floor" => &TLS_FLOOR,
        "tls-from-1-2" => &TLS_FROM,
        "tls-below-1-2" => &TLS_BELOW,
        "in-the-clear" => &IN_THE_CLEAR,
        "weak-cipher" => &WEAK_CIPHER,
        "at-risk" => &AT_RISK,
        "log" => &LOG,
        "access-log" => &ACCESS_LOG,
        "log-service" => &LOG_SERVICE,
        "flow-log" => &FLOW_LOG,
        "sql-audit" => &SQL_AUDIT,
        "audit-log" => &AUDIT_LOG,
        "recorder" => &RECORDER,
        "security-agent" => &SECURITY_AGENT,
        "recorded" => &RECORDED,
        "not-recorded" => &NOT_RECORDED,
        "kept-too-short" => &KEPT_TOO_SHORT,
        "edition" => &EDITION,
        "scans-off" => &SCANS_OFF,
        "notices-off" => &NOTICES_OFF,
        "open-alerts" => &OPEN_ALERTS,
        "grave-alerts" => &GRAVE_ALERTS,
        "baseline-checks" => &BASELINE_CHECKS,
        "vulnerability-scans" => &VULNERABILITY_SCANS,
        "notices" => &NOTICES,
        "from" => &FROM,
        "connection" => &CONNECTION,
        "also-from" => &ALSO_FROM,
        "seen-as" => &SEEN_AS,
        "interfaces" => &INTERFACES,
        "destinations" => &DESTINATIONS,
        "vpc" => &VPC,
        "cidr" => &CIDR,
        "tier" => &TIER,
        "published" => &PUBLISHED,
        "unpublished" => &UNPUBLISHED,
        "stores" => &STORES,
        "way-out" => &WAY_OUT,
        "overlap" => &OVERLAP,
        "joined" => &JOINED,
        "endpoint-policy" => &ENDPOINT_POLICY,
        _ => return None,
    })
}

/// A value that is a word of the program.
pub fn value(word: &str) -> Option<&'static Phrase> {
    Some(match word {
        "eip" => &EIP,
        "own-address" => &OWN_ADDRESS,
        "ipv6-address" => &IPV6_ADDRESS,
        "dnat" => &DNAT,
        "snat" => &SNAT,
        "next-hop" => &NEXT_HOP,
        "routes" => &ROUTES,
        "listener" => &LISTENER,
        "endpoint" => &ENDPOINT,
        "internet" => &WHOLE_INTERNET,
        "waf-cname" => &WAF_CNAME,
        "waf-native" => &WAF_NATIVE,
        "waf-transparent" => &WAF_TRANSPARENT,
        "cdn" => &CDN,
        "anti-ddos" => &ANTI_DDOS,
        "new-objects" => &NEW_OBJECTS,
        "function" => &FUNCTION,
        "api-gateway" => &API_GATEWAY,
        "bucket" => &BUCKET,
        "gateway" => &GATEWAY,
        "enforcing" => &ENFORCING,
        "observing" => &OBSERVING,
        "no-rule" => &NO_RULE,
        "not-in-service" => &NOT_IN_SERVICE,
        "not-enforcing" => &NOT_ENFORCING,
        "enforcing-unknown" => &ENFORCING_UNKNOWN,
        "in-service" => &IN_SERVICE,
        "none" => &NONE,
        "provider-key" => &PROVIDER_KEY,
        "service-key" => &SERVICE_KEY,
        "default-key" => &DEFAULT_KEY,
        "customer-key" => &CUSTOMER_KEY,
        "hsm-key" => &HSM_KEY,
        "off" => &OFF,
        "on" => &ON,
        "offered" => &OFFERED,
        "enforced" => &ENFORCED,
        "unknown" => &UNKNOWN,
        "down" => &DOWN,
        "basic" => &BASIC,
        "ddos-origin" => &DDOS_ORIGIN,
        "ddos-enhanced" => &DDOS_ENHANCED,
        "ddos-platform" => &DDOS_PLATFORM,
        "black-hole" => &BLACK_HOLE_FLOOD,
        "origin-known" => &ORIGIN_KNOWN,
        "beyond-plan" => &BEYOND_PLAN,
        "by-request" => &BY_REQUEST,
        "policy-unknown" => &POLICY_UNKNOWN,
        "true" => &TRUE,
        "false" => &FALSE,
        _ => return None,
    })
}

/// The word for an endpoint of a managed service.
pub fn endpoint(word: &str) -> Option<&'static Phrase> {
    Some(match word {
        "public" => &SERVICE_PUBLIC,
        "private" => &SERVICE_PRIVATE,
        _ => return None,
    })
}

/// The tier of a vSwitch in words.
pub fn tier(word: &str) -> Option<&'static Phrase> {
    Some(match word {
        "public" => &PUBLIC,
        "private" => &PRIVATE,
        "intra" => &INTRA,
        _ => return value(word),
    })
}

/// The code of a reason in words.
pub fn reason(code: &str) -> Option<&'static Phrase> {
    Some(match code {
        "not-collected" => &NOT_COLLECTED,
        "not-in-this-evidence" => &NOT_IN_EVIDENCE,
        "not-asked" => &NOT_ASKED,
        "refused" => &REFUSED,
        "throttled" => &THROTTLED,
        "redacted" => &REDACTED,
        "unresolved" => &UNRESOLVED,
        "unreadable" => &UNREADABLE,
        "not-understood" => &NOT_UNDERSTOOD,
        "sources-disagree" => &DISAGREE,
        "assumption" => &ASSUMPTION,
        "relay" => &RELAY,
        "translation" => &TRANSLATION,
        "scaled" => &SCALED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_of_a_phrase_have_the_same_places() {
        for (name, phrase) in ALL {
            let sorted = |text| {
                let mut places = crate::words::places(text);
                places.sort_unstable();
                places
            };
            // A sentence may leave a count out in one language only when the other leaves it out too.
            assert_eq!(sorted(phrase.en), sorted(phrase.zh), "{name}");
        }
    }
}
