package kadun.peers.swipe5;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Jackson's readers and writers of the job's messages: made once, shared by all threads. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectReader SWIPES = MAPPER.readerFor(Swipe.class);
    private static final ObjectReader CARD_STATES = MAPPER.readerFor(CardStatus.class);
    private static final ObjectWriter DECISIONS = MAPPER.writerFor(Decision.class);

    private Json() {}

    public static Swipe readSwipe(byte[] value) {
        try {
            return SWIPES.readValue(value);
        } catch (IOException e) {
            throw new UncheckedIOException("a message is not a swipe", e);
        }
    }

    /** Without a value the person's entry was deleted: no card is lost. */
    public static boolean isLost(byte[] value) {
        if (value == null) {
            return false;
        }
        try {
            CardStatus status = CARD_STATES.readValue(value);
            return status.isLost();
        } catch (IOException e) {
            throw new UncheckedIOException("a message is not a card's status", e);
        }
    }

    public static byte[] write(Decision decision) {
        try {
            return DECISIONS.writeValueAsBytes(decision);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a decision cannot be written", e);
        }
    }
}
