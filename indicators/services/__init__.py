"""What keeps the snapshots true: news from below, the job that computes, the job that checks."""
