"""The one door into history, for stations and operators alike: translate, commit, apply, answer."""
