def deeper():
    raise ValueError("not today")


deeper()
