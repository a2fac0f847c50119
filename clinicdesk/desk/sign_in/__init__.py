"""Who uses this computer: the screen before everything else."""
