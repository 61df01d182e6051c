package kadun.peers.swipe5;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/** The answer to one swipe; keys are written in this order. */
@JsonPropertyOrder({"eventId", "psnNo", "action", "ruleHits", "decidedAt"})
public class Decision {
    public String eventId;
    public String psnNo;
    public String action;
    public List<String> ruleHits;
    public long decidedAt;

    public Decision() {}

    public Decision(String eventId, String psnNo, String action, List<String> ruleHits, long decidedAt) {
        this.eventId = eventId;
        this.psnNo = psnNo;
        this.action = action;
        this.ruleHits = ruleHits;
        this.decidedAt = decidedAt;
    }
}
