//! The cases in ROS templates.

use super::{Change, RANGES, Told};

const NO_ROUTES: &str =
    "stays undecided: a template does not say by which route table packets to an instance's own address come in";
const NO_RULES: &str =
    "no resource type makes a rule or a protected object of WAF 3, or says what a rule of WAF 2 does";

pub const ROS: [(u8, Told); 17] = [
    (1, Told::Never(NO_ROUTES)),
    (
        2,
        Told::Pair {
            both: Change { replaced: &[("AclStatus: 'on'", "AclStatus: '@@'")], beside: "" },
            differs: ["off", "on"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        3,
        Told::Pair {
            both: Change {
                replaced: &[("SourceIps: [!GetAtt B.IpAddress]", "SourceIps: [!GetAtt ALB.DNSName]")],
                beside: r#"
  F:
    Type: ALIYUN::ECS::SecurityGroup
    Properties:
      VpcId: !Ref V
      SecurityGroupType: enterprise
      SecurityGroupIngress:
        - {IpProtocol: tcp, PortRange: 80/80, SourceCidrIp: 39.96.130.0/24}
        @@
  ALB:
    Type: ALIYUN::ALB::LoadBalancer
    Properties:
      AddressType: Internet
      LoadBalancerEdition: Standard
      VpcId: !Ref V
      ZoneMappings:
        - {ZoneId: cn-hangzhou-h, VSwitchId: !Ref S}
  AG:
    Type: ALIYUN::ALB::SecurityGroupAttachment
    Properties: {LoadBalancerId: !Ref ALB, SecurityGroupIds: [!Ref F]}
  SG:
    Type: ALIYUN::ALB::ServerGroup
    Properties: {ServerGroupName: a, VpcId: !Ref V, Protocol: HTTP, HealthCheckConfig: {HealthCheckEnabled: false}}
  SA:
    Type: ALIYUN::ALB::BackendServerAttachment
    Properties:
      ServerGroupId: !Ref SG
      BackendServers:
        - {ServerId: !Ref I, ServerType: Ecs, Port: 80}
  AL:
    Type: ALIYUN::ALB::Listener
    Properties:
      LoadBalancerId: !Ref ALB
      ListenerProtocol: HTTP
      ListenerPort: 80
      DefaultActions:
        - Type: ForwardGroup
          ForwardGroupConfig:
            ServerGroupTuples:
              - {ServerGroupId: !Ref SG}
"#,
            },
            differs: [
                "",
                "- {IpProtocol: all, PortRange: -1/-1, SourceCidrIp: 0.0.0.0/0, Policy: drop, Priority: 100}",
            ],
            check: "waf-domain-bypassed",
        },
    ),
    (4, Told::Never(NO_ROUTES)),
    (5, Told::Never(NO_ROUTES)),
    (6, Told::Never(NO_ROUTES)),
    (7, Told::Never(NO_RULES)),
    (
        8,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  L2:
    Type: ALIYUN::SLB::Listener
    Properties: {LoadBalancerId: !Ref B, ListenerPort: 8080, BackendServerPort: 80, Protocol: http, AclStatus: '@@', AclType: white, AclId: !Ref A, Bandwidth: -1}
"#,
            },
            differs: ["off", "on"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        9,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  R:
    Type: ALIYUN::DNS::DomainRecord
    Properties: {DomainName: shop.example, RR: www, @@}
"#,
            },
            differs: ["Type: A, Value: !GetAtt B.IpAddress", "Type: CNAME, Value: xmpl.yundunwaf.com"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        10,
        Told::Never(
            "a template neither pauses an instance of WAF nor lets it end; only the API says that somebody did",
        ),
    ),
    (11, Told::Never(NO_RULES)),
    (
        12,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  R:
    Type: ALIYUN::DNS::DomainRecord
    Properties: {DomainName: shop.example, RR: old, @@}
"#,
            },
            differs: ["Type: A, Value: !GetAtt B.IpAddress", "Type: CNAME, Value: xmpl.yundunwaf.com"],
            check: "waf-domain-bypassed",
        },
    ),
    (13, Told::Never(RANGES)),
    (14, Told::Never(RANGES)),
    (15, Told::Never(NO_RULES)),
    (16, Told::Never("no resource type puts an address under Anti-DDoS Origin")),
    (
        17,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  FN:
    Type: ALIYUN::FC3::Function
    Properties: {FunctionName: cart, Runtime: python3.12, Handler: index.handler}
  T:
    Type: ALIYUN::FC3::Trigger
    Properties: {FunctionName: cart, TriggerName: http, TriggerType: http, TriggerConfig: '{"authType": "anonymous", "disableURLInternet": @@}'}
  C:
    Type: ALIYUN::FC3::CustomDomain
    Properties:
      DomainName: www.shop.example
      Protocol: HTTP
      RouteConfig:
        Routes:
          - {Path: '/*', FunctionName: cart}
"#,
            },
            differs: ["false", "true"],
            check: "waf-domain-bypassed",
        },
    ),
];
