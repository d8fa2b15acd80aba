#!/usr/bin/env python3
"""Writes escalation.tsv: python3 escalation.py ram-escalation.yaml

Titles, reach, basis and sources come from the list of patterns; how a pattern is executed (RUN) is written here.
Columns: id, reach, basis, over, given, needs, gives, title, zh, source.
  over   what the rule is tried for: - (nothing), U user, G group, R role, P custom policy, I instance, F function, E container group
  given  what must hold of it, and `hold` for what the attacker must already be
  needs  items joined by &; an item is any of actions (|) at all of resources (+)
"""
import re, sys, pathlib

RUN = {
    # id: (over, given, needs, gives)
    "A01": ("U", "hold:U", "ram:AttachPolicyToUser@user/{U}+admin", "admin"),
    "A02": ("G", "hold:member", "ram:AttachPolicyToGroup@group/{G}+admin", "admin"),
    "A03": ("R", "hold:R", "ram:AttachPolicyToRole@role/{R}+admin", "admin"),
    "A04": ("P", "hold:attached", "ram:CreatePolicyVersion@policy/{P}", "admin"),
    "A05": ("P", "hold:attached admin-version", "ram:SetDefaultPolicyVersion@policy/{P}", "admin"),
    "A06": ("G", "hold:user", "ram:AddUserToGroup@user/{self}+group/{G}", "group"),
    "A09": ("-", "", "resourcemanager:AttachPolicy@any", "admin"),
    "A10": ("P", "hold:attached", "resourcemanager:CreatePolicyVersion@any", "admin"),
    "B01": ("U", "keys", "ram:CreateAccessKey@user/{U}", "user"),
    "B03": ("U", "no-login", "ram:CreateLoginProfile@user/{U}", "user"),
    "B04": ("U", "login", "ram:UpdateLoginProfile@user/{U}", "user"),
    "B08": ("-", "new-user", "ram:CreateUser@user/{new} & ram:CreateLoginProfile|ram:CreateAccessKey@user/{new} & ram:AttachPolicyToUser@user/{new}+admin", "admin"),
    "B09": ("R", "saml", "ram:UpdateSAMLProvider@provider", "role"),
    "B10": ("U", "login", "ram:SetUserSsoSettings@any", "user"),
    "B11": ("R", "oidc-loose", "ram:AddClientIdToOIDCProvider|ram:UpdateOIDCProvider|ram:AddFingerprintToOIDCProvider@provider", "role"),
    "C01": ("R", "editable", "ram:UpdateRole@role/{R} & sts:AssumeRole@role/{R}", "role"),
    "C02": ("-", "new-role", "ram:CreateRole@role/{new} & ram:AttachPolicyToRole@role/{new}+admin", "admin"),
    "C03": ("R", "trusts-caller", "sts:AssumeRole@role/{R}", "role"),
    "D01": ("R", "trusts:ecs.aliyuncs.com pass:yes", "ecs:RunInstances|ecs:CreateInstance@ecs-new", "role"),
    "D02": ("R", "trusts:ecs.aliyuncs.com pass:yes controls-instance", "ecs:AttachInstanceRamRole@controlled", "role"),
    "D03": ("I", "", "ecs:RunCommand|ecs:InvokeCommand|ecs:SendFile@host", "host"),
    "D04": ("I", "", "ecs:StartTerminalSession|ecs-workbench:LoginECSInstance@host", "host"),
    "D05": ("I", "", "ecs:ModifyInstanceAttribute|ecs:AttachKeyPair|ecs:ReplaceSystemDisk@host & ecs:RebootInstance|ecs:StartInstance@host", "host"),
    "D06": ("R", "trusts:ecs.aliyuncs.com pass:unconfirmed", "ess:ModifyScalingConfiguration|ess:CreateScalingConfiguration|ecs:CreateLaunchTemplateVersion|ess:ModifyEciScalingConfiguration@any", "role"),
    "D07": ("R", "trusts:ecs.aliyuncs.com pass:yes", "eci:CreateContainerGroup@eci-new", "role"),
    "D08": ("E", "", "eci:ExecContainerCommand@host", "host"),
    "D09": ("R", "trusts:fc.aliyuncs.com pass:yes", "fc:CreateFunction|fc:CreateService@fc-new & fc:InvokeFunction|fc:CreateTrigger@fc-new", "role"),
    "D10": ("F", "", "fc:UpdateFunction@host", "host"),
    "D12": ("R", "trusts:ros.aliyuncs.com pass:unconfirmed", "ros:CreateStack|ros:CreateChangeSet|ros:ContinueCreateStack@ros-new", "role"),
    "D15": ("R", "trusts:oos.aliyuncs.com pass:yes", "oos:StartExecution@oos-new", "role"),
    "D17": ("R", "trusts:fnf.aliyuncs.com pass:unconfirmed", "fnf:CreateFlow|fnf:UpdateFlow@any & fnf:StartExecution@any", "role"),
    "D19": ("R", "trusts:ecs.aliyuncs.com pass:unconfirmed", "cs:CreateClusterNodePool@any", "role"),
}
RM_ACTIONS = "help page 'RAM authorization' under Resource Management (159974, 2024-03-14)"
EXTRA = [
    # A second way of a pattern that has two.
    ("A10", "R", "editable", "resourcemanager:UpdateRole@any & sts:AssumeRole@role/{R}", "role"),
    # What AttachPolicy checks by RM_ACTIONS, and on what.
    ("A09", "U", "hold:U", "ram:AttachPolicy@ims-user/{U}+admin", "admin"),
    ("A09", "G", "hold:member", "ram:AttachPolicy@ims-group/{G}+admin", "admin"),
    ("A09", "R", "hold:R", "ram:AttachPolicy@role/{R}+admin", "admin"),
    ("B08", "-", "new-user", "ram:CreateUser@user/{new} & ram:CreateLoginProfile|ram:CreateAccessKey@user/{new} & ram:AttachPolicy@ims-user/{new}+admin", "admin"),
    ("C02", "-", "new-role", "ram:CreateRole@role/{new} & ram:AttachPolicy@role/{new}+admin", "admin"),
    ("C02", "-", "new-role", "resourcemanager:CreateRole@any & ram:AttachPolicyToRole@role/{new}+admin", "admin"),
    ("D04", "I", "", "ecs:DescribeInstanceVncUrl@host & ecs:ModifyInstanceVncPasswd@host", "host"),
]
text = pathlib.Path(sys.argv[1]).read_text()
body = text[text.index("\npatterns:"):text.index("\npassrole_sinks:")]
rows = []
for block in re.split(r"\n  - id: ", body)[1:]:
    pid = block[:3]
    get = lambda key: (re.search(rf"^    {key}: (.*)$", block, re.M) or [None, ""])[1].strip().strip('"').replace("\t", " ").replace('\\"', '"')
    needs = re.findall(r"\{any: \[([^\]]*)\]", block)
    plain = " & ".join("|".join(a.strip() for a in item.split(",")) + "@any" for item in needs)
    ways = [RUN[pid]] if pid in RUN else ([("-", "", plain, "power")] if plain and not get("actor") else [])
    ways += [w[1:] for w in EXTRA if w[0] == pid]
    if not ways:
        ways = [("-", "", "", "outside" if get("actor") == "outside" else "shape")]
    for over, given, items, gives in ways:
        basis, source = get("basis"), get("source")
        if gives != "power" and "resourcemanager:" in items:
            # Documentation names `ram:` actions for these calls; that the call's own name is checked is reasoned.
            basis, source = "derived", source + "; not among the actions of " + RM_ACTIONS
        elif "ram:AttachPolicy@" in items:
            basis, source = "documented", RM_ACTIONS
        rows.append([pid, get("reach"), basis, over, given, items, gives, get("title"), get("zh"), source])
out = pathlib.Path(__file__).with_name("escalation.tsv")
out.write_text("\n".join("\t".join(r) for r in rows) + "\n")
print(len(rows), "rows,", len({r[0] for r in rows}), "patterns,", out.stat().st_size, "bytes")
