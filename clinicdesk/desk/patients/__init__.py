"""The patients' page: find one person among all, see them whole, register and edit."""
