export { exportCalls, getQuota, listCalls, listDays } from "./reports";
