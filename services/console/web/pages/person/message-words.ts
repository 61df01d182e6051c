/** Of messages and reminders. What is not in here is shown by its own name. */

import type { Words } from "../../words/words.js";

const sms = {
  zh: {
    queued: "待发送",
    sending: "发送中",
    sent: "已发出",
    delivered: "已送达",
    failed: "发送失败",
    unknown: "结果不明",
    "no-contact": "无联系方式",
    suppressed: "未发送",
  },
  en: {
    queued: "Queued",
    sending: "Being sent",
    sent: "Handed over",
    delivered: "Delivered",
    failed: "Failed",
    unknown: "Unknown",
    "no-contact": "No contact",
    suppressed: "Suppressed",
  },
} as const;
export const smsStatusWords: Words<keyof (typeof sms)["zh"]> = sms;

const reminders = {
  zh: {
    "loss-report-lapsing": "挂失即将到期",
    "loss-report-lapsed": "挂失已到期",
    "replacement-due": "请办理补卡",
    "rebind-e-credential": "重新绑定电子凭证",
    "old-card-void": "旧卡已作废",
    "appeal-deadline": "申诉办理期限",
    planned: "待发",
    cancelled: "已取消",
    stale: "已过期未发",
    sent: "已发",
  },
  en: {
    "loss-report-lapsing": "Report is about to lapse",
    "loss-report-lapsed": "Report has lapsed",
    "replacement-due": "Replacement is due",
    "rebind-e-credential": "Bind the e-credential anew",
    "old-card-void": "Old card is void",
    "appeal-deadline": "Deadline of an appeal",
    planned: "Planned",
    cancelled: "Cancelled",
    stale: "Too late to send",
    sent: "Sent",
  },
} as const;
export const reminderWords: Words<keyof (typeof reminders)["zh"]> = reminders;
