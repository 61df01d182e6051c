/** Names of rules and patrols for readers of the platform: what was seen, never what somebody did. */

const NAMES: Readonly<Record<string, string>> = {
  R00: "判定时的附加提示",
  R01: "挂失生效后使用凭证",
  R02: "挂失生效前使用凭证",
  R03: "临时挂失到期后使用凭证",
  R04: "已补换或注销的卡被使用",
  R05: "未启用的卡被使用",
  R06: "临时卡失效或超出使用范围",
  R07: "人员或账户处于停用状态",
  R08: "密码连续错误",
  R09: "多次密码错误后成功支付",
  R10: "初始密码支付",
  R11: "同一终端多张卡密码错误",
  R12: "短时间内出现在相距过远的两地",
  R13: "未备案的异地消费",
  R14: "短时间内拆分的大额消费",
  R15: "账户余额短期大量支出",
  R16: "短时间内多家机构消费",
  R17: "购买易倒卖药品",
  R18: "同一终端或操作员短时间内多人刷卡",
  R19: "住院期间在其他机构消费",
  R20: "结算后短时间内退费或药品追溯码重复",
  R20X: "同一药品追溯码由两人结算",
  R21: "超出本人设置的使用限制",
  R22: "被试密码或盗刷的卡曾到过同一机构或操作员",
  R23: "同一代办人为多名无关人员代购",
  R24: "诱饵卡被使用",
  R25: "终端交易大量延迟上传",
};

/** The id itself where nobody gave it a name. */
export function ruleNameOf(ruleId: string): string {
  return Object.hasOwn(NAMES, ruleId) ? NAMES[ruleId]! : ruleId;
}

export const NAMED_RULES = Object.keys(NAMES);
