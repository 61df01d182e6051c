package kadun.peers.swipe5;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** One message of the job (bench/swipe-5/job.ts). Public fields: Flink's fast serializer and Jackson both use them. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class Swipe {
    public String eventId;
    public long eventTime;
    public String psnNo;
    public String cardSn;
    public String fixmedinsCode;
    public String cityCode;
    public double lng;
    public double lat;
    public String eventType;
    public long acctPayFen;
    public long medfeeSumFen;
    public String pinResult;
    public String insutype;
    public String medType;
    public String opter;
    public String devNo;

    public Swipe() {}
}
