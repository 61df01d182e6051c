package kadun.peers.swipe5;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** Value of the compacted topic of card states; its key is the person's number. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class CardStatus {
    private static final String LOST = "LOST";

    public String status;

    public CardStatus() {}

    public boolean isLost() {
        return LOST.equals(status);
    }
}
