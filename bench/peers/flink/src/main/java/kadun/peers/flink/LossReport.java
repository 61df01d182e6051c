package kadun.peers.flink;

/** A person's card is lost, or no longer. */
public class LossReport {
    public String psnNo;
    public boolean isLost;

    public LossReport() {}

    public LossReport(String psnNo, boolean isLost) {
        this.psnNo = psnNo;
        this.isLost = isLost;
    }
}
